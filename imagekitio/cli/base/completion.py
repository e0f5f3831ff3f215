"""Completion of values in bash, zsh and fish: profiles, and the names and paths of the account.

If anything goes wrong, there are no suggestions: an error message would garble the line that the user types.
"""

from __future__ import annotations

import io
import os
from contextlib import redirect_stderr
from typing import TYPE_CHECKING, Any, ClassVar

from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete, add_completion_class

from .failures import escape_controls

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

    from ...client import ImageKit

VARIABLE = "_IMAGEKIT_COMPLETE"  # tells click that a shell is asking; click defines the name

_MAX_ITEMS = 200
_TIMEOUT_SECONDS = 3.0  # the user waits after pressing the tab key

_BASH = r"""%(complete_func)s() {
    local line
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
            dir,*) compopt -o dirnames ;;
            file,*) compopt -o default ;;
            plain,*) COMPREPLY+=("${line#plain,}") ;;
        esac
    done < <(IFS=$'\n'; COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD %(complete_var)s=bash_complete "$1")
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[/=] ]]; then
        compopt -o nospace
    fi
}

complete -o nosort -F %(complete_func)s %(prog_name)s
"""
_ZSH = r"""#compdef %(prog_name)s

%(complete_func)s() {
    local type value help line="${words[*]}"
    local -a answer described whole open
    [[ ${words[CURRENT]} == --*=* ]] && compset -P '*='
    (( $+commands[%(prog_name)s] )) || return 1
    answer=("${(@f)$(
        env COMP_WORDS="$line" COMP_CWORD=$((CURRENT-1)) %(complete_var)s=zsh_complete %(prog_name)s
    )}")
    for type value help in "${answer[@]}"; do
        case $type in
            dir) _path_files -/ ;;
            file) _path_files ;;
            plain)
                if [[ $help != _ ]]; then
                    described+=("$value:$help")
                elif [[ $value == *[/=] ]]; then
                    open+=("$value")
                else
                    whole+=("$value")
                fi
                ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described
    (( $#open )) && compadd -S '' -V unsorted -a open
    (( $#whole )) && compadd -V unsorted -a whole
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"  # found through fpath
else
    compdef %(complete_func)s %(prog_name)s  # read by source or eval
fi
"""
_FISH = FishComplete.source_template.replace('string split ","', 'string split --max 1 ","')
# Characters that bash takes as part of a word only after a backslash.
_SPECIAL_IN_BASH = frozenset(" \t\"'\\$`!&;|<>(){}[]*?#~^")


@add_completion_class
class QuotingBashComplete(BashComplete):
    """Completion in bash that copes with names with spaces and the like, and completes one folder after another.

    Click's own splits a name at its spaces, expands it as a pattern, and adds a space after a folder.
    """

    source_template = _BASH

    def source(self) -> str:
        """Return the script, even on systems without bash: it may be for another system."""
        return self.source_template % self.source_vars()

    def format_completion(self, item: CompletionItem) -> str:
        """Return a suggestion as the script expects it, quoted for bash."""
        return f"{item.type},{_quote_for_bash(str(item.value))}"


@add_completion_class
class OpenZshComplete(ZshComplete):
    """Completion in zsh that completes one folder after another; click's own adds a space after a folder."""

    source_template = _ZSH


@add_completion_class
class WholeFishComplete(FishComplete):
    """Completion in fish that copes with commas in values and descriptions; click's own cuts them off there."""

    source_template: ClassVar[str] = _FISH


def _quote_for_bash(text: str) -> str:
    words = os.environ["COMP_WORDS"].split("\n")  # as the script joins them
    word = words[int(os.environ["COMP_CWORD"])] if int(os.environ["COMP_CWORD"]) < len(words) else ""
    if word.startswith(("'", '"')):
        return text  # bash puts it between the open quotes
    return "".join(f"\\{character}" if character in _SPECIAL_IN_BASH else character for character in text)


def complete_profiles(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Suggest the profiles."""
    from ..accounts.profiles import read_profiles

    return suggest(lambda: [CompletionItem(name) for name in read_profiles().profiles], incomplete)


def suggest(find: Callable[[], list[CompletionItem]], incomplete: str) -> list[CompletionItem]:
    """Return the suggestions that begin with what was typed; none if they cannot be found."""
    try:
        with redirect_stderr(io.StringIO()):
            found = find()
    except Exception:
        return []
    # The shells read one suggestion per line, and show it on a terminal.
    texts = ((item, str(item.value)) for item in found)
    return [item for item, text in texts if text.startswith(incomplete) and escape_controls(text) == text]


def open_quick_client(ctx: click.Context) -> ImageKit:
    """Return a client that gives up quickly."""
    from .session import Session

    return ctx.ensure_object(Session).client.with_options(timeout=_TIMEOUT_SECONDS, retry=False)


def complete_remote_paths(ctx: click.Context, incomplete: str, *, with_files: bool) -> list[CompletionItem]:
    """Suggest the folders, and optionally the files, in the folder that was typed; this takes one request."""
    from ...search import Q

    folder, slash, name = incomplete.rpartition("/")

    def find() -> list[CompletionItem]:
        client = open_quick_client(ctx)
        query = Q.type.in_(["file", "folder"]) if with_files else Q.type == "folder"
        if name:
            query &= Q.name.startswith(name)
        listing: Any = client.list_files(path=folder or "/", search_query=query, limit=_MAX_ITEMS)
        names = sorted(f"{item.name}/" if item.type == "folder" else item.name for item in listing)
        return [CompletionItem(f"{folder}{slash}{each}") for each in names]

    return suggest(find, incomplete)


def complete_uploads(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Suggest local files and, after the first argument, folders of the account too: the last is the destination."""
    local = CompletionItem(incomplete, type="file")
    if not (ctx.params.get("arguments") or ctx.params.get("csv_file")):
        return [local]
    return [local, *complete_remote_paths(ctx, incomplete, with_files=False)]


def complete_downloads(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Suggest files of the account and, after the first argument, local files too: the last is the destination."""
    remote = complete_remote_paths(ctx, incomplete, with_files=True)
    return [*remote, CompletionItem(incomplete, type="file")] if ctx.params.get("arguments") else remote


def complete_field_names(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Suggest the custom metadata fields of the account, each with an equals sign for its value."""

    def find() -> list[CompletionItem]:
        return [CompletionItem(f"{field.name}=") for field in open_quick_client(ctx).get_custom_metadata_fields()]

    return suggest(find, incomplete)
