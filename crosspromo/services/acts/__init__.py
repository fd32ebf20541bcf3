"""Acts: what one person does to one delivery, divided by subject; joined in `DeliveryActs`."""
