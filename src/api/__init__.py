"""GraphQL over HTTP and WebSocket. No rule of the field and no SQL stands here."""
