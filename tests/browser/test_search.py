"""A member of parliament, a party, and somebody with a keyboard alone: finding by the box."""


def test_a_member_of_parliament_finds_her_motion_in_one_search(page):
    page.goto("/")

    page.get_by_role("searchbox", name="Zoek op de hele website").fill("30 015, nr. 87")
    page.keyboard.press("Enter")

    first = page.locator(".site-result").first
    assert "Motie van het lid Moorlag" in first.inner_text()
    assert "volgens het ministerie:" in first.inner_text()
    first.get_by_role("link").click()
    page.wait_for_url("**/moties/30015-87/")


def test_a_kind_is_chosen_with_the_keyboard_and_what_was_typed_stays(page):
    page.goto("/zoeken/?q=normdocument")

    page.get_by_role("link", name="Begrippen").first.focus()
    page.keyboard.press("Enter")

    page.wait_for_url("**/zoeken/?*soort=begrip")
    assert page.locator("#vraag").input_value() == "normdocument"
    assert {
        label.strip() for label in page.locator(".site-result .site-label").all_inner_texts()
    } == {"Begrip"}
