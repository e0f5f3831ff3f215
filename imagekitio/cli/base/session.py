"""What a command works with: the common options, the account, the client and the output."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

import click

from ..accounts.account import Account, bypass_proxies, hide_variables, read_account
from ..accounts.profiles import SETTINGS
from .failures import REFUSED, USAGE, Failure
from .outcomes import Outcomes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ...client import ImageKit
    from ...urls.builder import UrlBuilder
    from ..accounts.profiles import ProfileFile
    from .logs import Logs
    from .output import Output

P = ParamSpec("P")
R = TypeVar("R")


class Session:
    """One run of a command.

    Attributes:
        given: The common options given on the command line, by name.
        on_interrupt: Function that says what is done and how to continue, after Ctrl-C or a lost connection; None if
            nothing has begun.
    """

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self.on_interrupt: Callable[[], str] | None = None
        self._logs: Logs | None = None

    @cached_property
    def output(self) -> Output:
        """Where the command writes."""
        from .output import Output

        return Output(as_json=bool(self.given.get("json")), is_quiet=bool(self.given.get("quiet")))

    @cached_property
    def account(self) -> Account:
        """The account that the command talks to.

        Raises:
            Failure: The configuration is not valid; exit code 2.
        """
        account = read_account(
            {name: self.given[name] for name in SETTINGS if self.given.get(name)},
            profile=self.given.get("profile"),
            is_local=bool(self.given.get("local")),
        )
        self.warn_about_private_key()
        if account.file is not None:
            self.warn_if_exposed(account.file)
        return account

    def warn_about_private_key(self) -> None:
        """Warn about a private key on the command line."""
        if self.given.get("private_key"):
            self.output.warn(
                "--private-key is visible to other users of this machine and stays in the shell's history;"
                " use IMAGEKIT_PRIVATE_KEY, or a profile (imagekit config)"
            )

    def warn_if_exposed(self, file: ProfileFile) -> None:
        """Warn about a file of profiles that other users may read."""
        if file.is_exposed:
            self.output.warn(file.describe_exposure())

    @cached_property
    def client(self) -> ImageKit:
        """The client for the account; `app.run` closes it.

        Raises:
            Failure: The private key is missing or in the wrong place, or a setting is not valid; exit code 2.
        """
        from ..accounts.forms import refuse_faulty_keys

        account = self.account
        if self.given.get("local"):
            bypass_proxies()
        account.require("private_key")
        refuse_faulty_keys(account)
        for url in account.list_unencrypted():
            self.output.warn(f"the private key is sent unencrypted to {url}: use https:// instead of http://")
        return self.make_client(
            {name: setting.value for name, setting in account.settings.items()},
            {name: setting.source for name, setting in account.settings.items()},
        )

    def make_client(self, settings: Mapping[str, Any], sources: Mapping[str, str] | None = None) -> ImageKit:
        """Return a client for these settings and no others.

        Args:
            settings: The settings.
            sources: Where they come from, by their names, for messages.
        Raises:
            Failure: One of them is not valid; exit code 2.
        """
        from ... import ImageKit
        from .logs import Logs
        from .wording import word_error

        if self._logs is None:
            self._logs = Logs(self.output, is_detailed=bool(self.given.get("debug")))
        try:
            with hide_variables():
                return ImageKit(**settings)
        except (TypeError, ValueError) as exc:
            raise Failure(word_error(str(exc), sources), USAGE) from exc

    def make_url_builder(self, *, has_key: bool = True, is_strict: bool = False) -> UrlBuilder:
        """Return a builder and reader of the account's URLs. It needs no network, and a key only for signatures.

        Args:
            has_key: Whether the private key is needed.
            is_strict: Whether an unknown name or value in a transformation is an error.
        Raises:
            Failure: The endpoint or a needed private key is missing, or the key is in the wrong place; exit code 2.
        """
        from ...urls.builder import UrlBuilder
        from ..accounts.forms import refuse_faulty_keys

        account = self.account
        refuse_faulty_keys(account)
        private_key = account.require("private_key") if has_key else account.get("private_key") or ""
        return UrlBuilder(private_key, account.require("url_endpoint"), strict_transformations=is_strict)

    def close(self) -> None:
        """Close the client if there is one, and stop showing logs."""
        if "client" in vars(self):
            self.client.close()
        if self._logs is not None:
            self._logs.stop()

    def make_outcomes(self, at_once: int = 1) -> Outcomes:
        """Return a counter for the outcomes of the command's items, `at_once` of which are worked on at a time."""
        return Outcomes(self.output, at_once, lambda: self.on_interrupt() if self.on_interrupt is not None else "")

    def confirm(self, question: str, *, is_confirmed: bool) -> None:
        """Ask the user, and return only if the answer is yes; without a terminal, the user cannot be asked.

        Args:
            question: What is going to happen, and to what, as a question.
            is_confirmed: Whether the option ``--yes`` is given.
        Raises:
            Failure: The user says no (exit code 3), or cannot be asked (exit code 2).
        """
        if is_confirmed:
            return
        if not sys.stdin.isatty():
            raise Failure(
                f"{question} Cannot ask without a terminal: give --yes to go ahead, or --dry-run to look first", USAGE
            )
        _discard_input()
        if not click.confirm(question, default=False, err=True):
            raise Failure("nothing was changed", REFUSED)


def _discard_input() -> None:
    """Discard what was typed before a question, since it cannot be the answer."""
    if sys.platform == "win32":
        import msvcrt

        while msvcrt.kbhit():
            msvcrt.getwch()
    else:
        import termios

        with suppress(termios.error):  # not every terminal can
            termios.tcflush(sys.stdin, termios.TCIFLUSH)


def pass_session(function: Callable[Concatenate[Session, P], R]) -> Callable[P, R]:
    """Pass the session of the run to a command, as its first argument."""
    return click.make_pass_decorator(Session, ensure=True)(function)
