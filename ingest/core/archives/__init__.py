"""What is decided about archives: which addresses are articles, and of when."""
