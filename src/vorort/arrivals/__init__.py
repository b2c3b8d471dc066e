"""Who comes when: national flow, Land and municipal keys, announced first, whole households."""
