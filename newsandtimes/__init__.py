"""The roof: settings, addresses and everything that joins the other floors."""
