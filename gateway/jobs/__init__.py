"""Work in the background: what must happen without anybody asking."""
