"""All that an adapter author needs: contract, errors, http, limits, paging, sandbox kit."""
