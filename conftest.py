"""What every test of the house has: its servers, and the list of tests that did not run."""

import signal

pytest_plugins = ("tests.services.fixtures", "tests.services.not_run", "tests.installation")

# A run in the background inherits that Ctrl-C is ignored, and would hand it down to what it tests.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
