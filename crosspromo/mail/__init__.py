"""Mail: messages, and the SMTP client that hands them to one mail server."""
