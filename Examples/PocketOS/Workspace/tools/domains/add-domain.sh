#!/bin/sh
# Adds a customer's own domain to the api service: add-domain.sh rentals.example.com
set -eu

here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
. "$here/.env.domains"
domain=${1:?usage: add-domain.sh DOMAIN}
: "${ENVIRONMENT_ID:?set ENVIRONMENT_ID}" "${SERVICE_ID:?set SERVICE_ID}"

curl -sS https://backboard.railway.app/graphql/v2 \
	-H "Authorization: Bearer $RAILWAY_TOKEN" -H 'Content-Type: application/json' \
	-d "{\"query\":\"mutation(\$i: CustomDomainCreateInput!) { customDomainCreate(input: \$i) { id domain } }\",\"variables\":{\"i\":{\"domain\":\"$domain\",\"projectId\":\"$RAILWAY_PROJECT\",\"environmentId\":\"$ENVIRONMENT_ID\",\"serviceId\":\"$SERVICE_ID\"}}}"
