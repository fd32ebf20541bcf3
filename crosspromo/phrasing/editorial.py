"""Sentences in an editorial calendar, for the people who change it."""

ABOUT = (
    (
        "This is the editorial calendar: one row for each post on one account. Change it, save it "
        "as XLSX or ODS, and bring it back. You are shown what would change before it is done."
    ),
    (
        "You can change date, time, zone, text, alt, link, campaign and note, where the state is "
        "draft or queued. Another text, alt text or link has to be approved again."
    ),
    (
        "You cannot change account, kind, partner and media of a row. Rows that are published are "
        "here for you to see."
    ),
    (
        "state and approver tell what happened. What you write there approves nothing: it is "
        "shown, and the person is asked."
    ),
    (
        'The time "allowed" stands for a post about ourselves that goes as soon as we have shared '
        "others enough. It has no date."
    ),
    (
        "A new post is a row without id and version. It needs the account, and a partner or a "
        "text. With a partner it is about the partner, and without a text it gets the template's. "
        "Without a partner it is about ourselves. Without date and time it takes the next free "
        "slot."
    ),
    "A row that you delete changes nothing: the post stays. To take a post out, cancel it.",
    (
        "alt has one line for each picture, in their order. Leave id and version as they are: they "
        "tell which post it is, and whether it was changed since."
    ),
)
"""What may be changed in the workbook, and how it is read."""
