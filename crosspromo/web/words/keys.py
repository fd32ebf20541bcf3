"""Words of the page about keys."""

TITLE = "Keys"
HEADING = "Keys"
LEAD = "They work outside of fields, one at a time. Everything works without them, too."
CAPTION = "Keys and what they do"
KEY = "Key"
DOES = "Does"
THEN = "then"
SWITCH_OFF = "Switch these keys off in this browser"
SWITCH_ON = "Switch these keys on in this browser"

KEYS = (
    (("/",), "find"),
    (("c",), "write a post"),
    (("t",), "go to Today"),
    (("g", "d"), "go to Today"),
    (("g", "c"), "go to the calendar"),
    (("g", "p"), "go to partners"),
    (("g", "r"), "go to reports"),
    (("g", "a"), "go to accounts"),
    (("j",), "next in a list"),
    (("k",), "previous in a list"),
    (("Enter",), "open it"),
    (("e",), "edit the event, or a post on one account"),
    (("m",), "move the post"),
    (("[",), "earlier: calendar, reports"),
    (("]",), "later: calendar, reports"),
    (("w",), "week"),
    (("M",), "month"),
    (("l",), "list"),
    (("f",), "as planned, or as it would go"),
    (("← → ↑ ↓",), "between entries of the calendar; in a move a day or a slot further"),
    (("Esc",), "leave a move as it is"),
    (("u",), "undo"),
    (("?",), "this page"),
)
