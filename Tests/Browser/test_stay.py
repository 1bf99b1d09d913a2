"""Who leaves is gone; who only reloads the page is still there, as they were."""

from desk import CENTRES, QUADRANTS
from member import Member
from waiting import eventually

# Counts what the page was given to capture with, and what it still holds.
CAPTURED = """
window.captured = [];
const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (wanted) => {
  const stream = await ask(wanted);
  captured.push(...stream.getTracks());
  return stream;
};
"""


def notice(person):
    return person.ask("document.getElementById('notice').hidden ? '' : document.getElementById('notice').textContent")


def words_of(person):
    return [line["words"] for line in person.messages()]


def reload(person, within=45):
    """Reloads the page and waits until it is in the room again, without anybody touching it."""
    person.tab.reload()
    person.wait_for_picture()
    eventually(person.is_ready, within, what=lambda: f"{person.name} is connected again: {person.state()}")


def test_whoever_leaves_is_told_so_captures_nothing_and_is_missed(ada, ben, desk):
    ben.ask(f"(() => {{ {CAPTURED} }})()")
    ben.with_devices()
    ada.wait_to_see(ben)
    ben.take_control()
    ben.tab.key_down("a")
    eventually(lambda: desk.pattern.events("keyDown"), what="the key is down on the desk")
    gone = ben.id
    ben.press_button("leave-button")
    assert ben.tab.page.get_by_role("heading", name="You have left").is_visible()
    assert ben.ask("document.activeElement.id") == "rejoin"
    assert ben.ask("captured.length === 2 && captured.every(({ readyState }) => readyState === 'ended')")
    assert ben.ask("probe.connections.every(({ connectionState }) => connectionState === 'closed')")
    eventually(lambda: desk.pattern.events("keyUp"), what="the key is let go")
    eventually(lambda: ada.tile(gone) is None, what="Ben's tile is gone")
    said = "document.getElementById('events').textContent"
    eventually(lambda: "Ben left." in ada.ask(said), what=lambda: f"Ada is told: {ada.ask(said)}")
    assert not ada.state()["control"]["held"]


def test_whoever_has_left_comes_back_as_somebody_new(ada, ben):
    for one in (ada, ben):
        one.press_button("chat-button")
    ada.write("before")
    ben.wait_for_words("before")
    gone = ben.id
    ben.press_button("leave-button")
    ada.write("in between")
    eventually(lambda: ada.state()["people"] == 1, what="Ben is gone")
    ben.click_element("rejoin")
    ben.wait_for_picture()
    eventually(ben.is_ready, what="Ben is back")
    assert ben.id != gone and ben.state()["media"] == {"audio": "none", "video": "none"}
    ada.write("after")
    ben.press_button("chat-button")
    ben.wait_for_words("after")
    assert words_of(ben) == ["after"], "what was said without Ben is not for Ben"


def test_a_reload_keeps_name_chat_microphone_and_camera(ada, ben, desk):
    ada.tab.context.grant_permissions(["camera", "microphone"])
    ada.with_devices()
    ada.turn("microphone", "muted")
    ben.wait_to_see(ada)
    for one in (ada, ben):
        one.press_button("chat-button")
    ada.write("one")
    ben.write("two")
    ada.wait_for_words("two")
    before = ada.id
    reload(ada)
    assert ada.id == before
    eventually(lambda: ada.state()["media"] == {"audio": "muted", "video": "on"}, 5,
               what=lambda: f"the devices are as they were: {ada.state()['media']}")
    ben.wait_for_tile(ada, video="on", muted="true")
    ben.wait_to_see(ada, frames=5)
    eventually(lambda: words_of(ada) == ["one", "two"], what=lambda: f"the chat is back: {words_of(ada)}")
    assert [line["who"] for line in ada.messages()] == ["You", "Ben"]
    assert ada.state()["chat"]["unread"] == 0, "it had been read"
    assert ada.ask("document.getElementById('people-list').textContent").count("Ada") == 1
    ben.write("three")
    eventually(lambda: ada.state()["chat"]["unread"] == 1, what="what comes now is news")
    assert words_of(ada) == ["one", "two", "three"]
    ada.take_control()
    ada.click(300, 200)
    eventually(lambda: desk.pattern.events("buttonDown"), what="the click arrives")
    # Once more: nothing is there twice, and what was not read is still counted.
    reload(ada)
    eventually(lambda: words_of(ada) == ["one", "two", "three"], what=lambda: f"the chat: {words_of(ada)}")
    assert ada.state()["chat"]["unread"] == 1


def test_a_reload_without_a_lasting_permission_asks_for_nothing_and_says_so(ada, ben):
    ada.tab.context.clear_permissions()
    ada.tab.before_pages(
        "navigator.permissions.query = async () => ({ state: 'prompt' });" + CAPTURED
    )
    ada.with_devices()
    reload(ada)
    eventually(lambda: "microphone and camera were on" in notice(ada), what=lambda: f"words: {notice(ada)}")
    assert ada.ask("captured.length") == 0
    assert ada.state()["media"] == {"audio": "none", "video": "none"}
    ben.wait_for_tile(ada, video="off")
    ada.with_devices()
    ben.wait_to_see(ada)


def test_whoever_comes_later_does_not_read_what_was_said_before(ada, member):
    ada.press_button("chat-button")
    ada.write("for those who are here")
    ada.wait_for_words("for those who are here")
    cleo = member("Cleo")
    ada.write("for Cleo, too")
    cleo.wait_for_words("for Cleo, too")
    reload(cleo)
    cleo.wait_for_words("for Cleo, too")
    assert words_of(cleo) == ["for Cleo, too"]


def test_a_reload_in_firefox_takes_its_place_again(firefox_with_devices, ada, room):
    fox = Member(firefox_with_devices, "Fox").join(room.address)
    fox.with_devices()
    ada.wait_to_see(fox, spread=0)
    ada.press_button("chat-button")
    ada.write("hello")
    fox.wait_for_words("hello")
    before = fox.id
    reload(fox)
    assert fox.id == before
    fox.wait_for_colours(QUADRANTS, CENTRES)
    fox.wait_for_words("hello")

    def is_back_or_said():
        return fox.state()["media"] == {"audio": "on", "video": "on"} or "were on" in notice(fox)

    eventually(is_back_or_said, what=lambda: f"the devices are on, or words say why not: {fox.state()['media']}")
    if fox.state()["media"]["video"] != "on":
        fox.with_devices()
    ada.wait_to_see(fox, spread=0)
    ada.wait_to_hear(fox)
    assert fox.problems() == []
