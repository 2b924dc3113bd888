"""What every test of the house has: its servers, and the list of tests that did not run."""

pytest_plugins = ("tests.services.fixtures", "tests.services.not_run", "tests.installation")
