"""One call from start to end, as generators and plain data: nothing here sends, reads, sleeps or imports a library."""
