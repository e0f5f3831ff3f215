// The connect view: the lines that point an application at this local ImageKit.

import * as api from "./api.js";
import { h } from "./dom.js";
import { output } from "./output.js";

const INSTEAD = `from imagekitio.local import LocalImageKit

with LocalImageKit() as server:
    imagekit = server.client()`;

const TEST = `def test_an_upload_is_stored(imagekit):
    imagekit.upload_file(file=b"hello", file_name="a.txt")
    assert len(imagekit.list_files()) == 1`;

export class ConnectView {
  constructor(root) {
    this.error = h("div", { class: "error", role: "alert", hidden: true });
    this.outputs = {
      shell: output("Environment variables", "the variables", "Copy"),
      powershell: output("PowerShell", "the variables", "Copy"),
      python: output("Python", "the Python", "Copy"),
      instead: output("LocalImageKit", "the Python", "Copy"),
      test: output("pytest", "the test", "Copy"),
    };
    const { shell, powershell, python, instead, test } = this.outputs;
    root.replaceChildren(
      h("div", { class: "connect" },
        h("h1", {}, "Connect your application"),
        this.error,
        h("p", {}, "With these variables set, ", h("code", {}, "ImageKit()"), " talks to this local ImageKit. Start your application from the same shell."),
        shell.element, powershell.element,
        h("p", {}, "Or pass the values as arguments:"),
        python.element,
        h("p", {}, "A script can start its own local ImageKit, which starts empty and stops at the end of the block:"),
        instead.element,
        h("p", {}, "In a test, the fixture ", h("code", {}, "imagekit"), " is a client of an empty local ImageKit:"),
        test.element));
    instead.show(INSTEAD);
    test.show(TEST);
    this.load();
  }

  async load() {
    try {
      for (const [name, text] of Object.entries(await api.connection())) this.outputs[name].show(text);
    } catch (refusal) {
      this.error.textContent = refusal.message;
      this.error.hidden = false;
    }
  }

  onShortcut() {
    return false;
  }
}
