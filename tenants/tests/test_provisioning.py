from tests.installation import Installation


async def test_smoke(installation: Installation) -> None:
    assert installation.tenant().code == "05D"
    async with installation.database() as database, database.serving(installation.tenant()) as c:
        row = await (await c.execute("select current_user, session_user")).fetchone()
        assert row
        assert row[0].endswith("serve_05d")


async def test_smoke2(installation: Installation) -> None:
    pass
