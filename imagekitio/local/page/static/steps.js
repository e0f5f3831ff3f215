// Transformation steps as text, and the form that edits the last step.

/** The fields of the form. A select contains whole tokens, the others the value of a code. */
export const FIELDS = [
  { code: "w", label: "Width", type: "text", placeholder: "400" },
  { code: "h", label: "Height", type: "text", placeholder: "300" },
  { code: "ar", label: "Aspect ratio", type: "text", placeholder: "16-9" },
  { label: "Crop", options: {
    "c-maintain_ratio": "fill", "c-force": "force", "c-at_max": "fit inside", "c-at_least": "at least",
    "cm-extract": "extract", "cm-pad_resize": "pad", "cm-pad_extract": "pad and extract" } },
  { label: "Focus", options: {
    "fo-auto": "automatic", "fo-center": "centre", "fo-top": "top", "fo-bottom": "bottom", "fo-left": "left", "fo-right": "right",
    "fo-custom": "custom coordinates" } },
  { label: "Format", options: { "f-auto": "automatic", "f-jpg": "JPEG", "f-png": "PNG", "f-webp": "WebP", "f-avif": "AVIF" } },
  { code: "q", label: "Quality", type: "number", placeholder: "80", min: 1, max: 100 },
  { code: "dpr", label: "Pixel ratio", type: "text", placeholder: "2" },
  { label: "Rotate", options: { "rt-90": "90°", "rt-180": "180°", "rt-270": "270°", "rt-auto": "from EXIF" } },
  { label: "Flip", options: { "fl-h": "left and right", "fl-v": "top and bottom", "fl-h_v": "both" } },
  { code: "r", label: "Corners", type: "text", placeholder: "20 or max" },
  { code: "bg", label: "Background", type: "text", placeholder: "F5F5F5" },
  { code: "b", label: "Border", type: "text", placeholder: "5_FFFFFF" },
  { code: "bl", label: "Blur", type: "number", placeholder: "0", min: 1, max: 100 },
  { flag: "e-grayscale", label: "Grayscale" },
  { flag: "e-contrast", label: "Contrast" },
  { flag: "e-sharpen", label: "Sharpen" },
  { flag: "t-true", label: "Trim" },
];

export const EXAMPLES = {
  Thumbnail: "w-200,h-200",
  "Wide card": "w-640,ar-16-9,fo-auto",
  Avatar: "w-240,h-240,r-max,f-png",
  "Padded square": "w-400,h-400,cm-pad_resize,bg-F5F5F5",
  "Soft gray": "w-400:bl-3,e-grayscale",
};

/** Return whether the form can edit the steps. Layers and conditions contain steps, which only the text can edit. */
export const isPlain = (steps) => !/(^|[,:])(l-|if-)/.test(steps);

const lastStep = (steps) => steps.slice(steps.lastIndexOf(":") + 1);
const tokensOf = (step) => step.split(",").filter(Boolean);

/** Return whether the field edits this token. */
function owns(field, token) {
  if (field.flag) return token === field.flag;
  if (field.options) return Object.keys(field.options).some((option) => token.startsWith(option.slice(0, option.indexOf("-") + 1)));
  return token.startsWith(field.code + "-");
}

/** Return the value of a field in the last step: a boolean for a flag, otherwise text, which may be empty. */
export function readField(field, steps) {
  const token = tokensOf(lastStep(steps)).find((each) => owns(field, each));
  if (field.flag) return token !== undefined;
  if (field.options) return token ?? "";
  return token?.slice(field.code.length + 1) ?? "";
}

/** Return the steps with the field changed and everything else unchanged. */
export function writeField(field, steps, value) {
  const token = field.flag ? (value ? field.flag : "") : field.options ? value : value && `${field.code}-${value}`;
  const tokens = tokensOf(lastStep(steps));
  const index = tokens.findIndex((each) => owns(field, each));
  if (index >= 0) tokens.splice(index, 1, ...(token ? [token] : []));
  else if (token) tokens.push(token);
  return steps.slice(0, steps.lastIndexOf(":") + 1) + tokens.join(",");
}
