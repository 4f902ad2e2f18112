"""What makes two finds one story: the address (`url`), the text (`fingerprint`), and the decision (`settle`)."""
