"""What a participant is given at the end: the hours really signed, on a numbered paper."""
