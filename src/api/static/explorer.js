// Mounts GraphiQL on this server. The token stays in this browser tab and is sent as a bearer token.
"use strict";
const tokenInput = document.getElementById("token");
tokenInput.value = sessionStorage.getItem("nguon.token") || "";

const authorization = () => (tokenInput.value.trim() ? "Bearer " + tokenInput.value.trim() : "");

const example = `# Dán mã truy cập ở trên (nguon token --role province --organization lam-dong).
# Paste a token above, then run this query.
{
  organization(code: "lam-dong") {
    name
    pipeline { stage count }
    progress(period: {year: 2023}) { target achieved percent }
    children { nodes { code name progress(period: {year: 2023}) { achieved } } }
  }
}
`;

const socketAddress = location.origin.replace(/^http/, "ws") + "/graphql";

function subscribe(parameters, headers) {
  const given = (headers && (headers.Authorization || headers.authorization)) || authorization();
  const client = graphqlWs.createClient({
    url: socketAddress,
    connectionParams: { Authorization: given },
    retryAttempts: 0,
  });
  return {
    subscribe: (observer) => ({
      unsubscribe: client.subscribe(parameters, {
        next: observer.next,
        complete: observer.complete,
        error: (fault) =>
          observer.error(fault instanceof CloseEvent ? new Error(fault.code + " " + fault.reason) : fault),
      }),
    }),
  };
}

function isSubscription(parameters, options) {
  const document = options && options.documentAST;
  if (!document) return false;
  const operations = document.definitions.filter((d) => d.kind === "OperationDefinition");
  const chosen =
    operations.length === 1
      ? operations[0]
      : operations.find((d) => d.name && d.name.value === parameters.operationName);
  return Boolean(chosen) && chosen.operation === "subscription";
}

async function fetcher(parameters, options) {
  const headers = { ...((options && options.headers) || {}) };
  if (isSubscription(parameters, options)) return subscribe(parameters, headers);
  if (!headers.Authorization && !headers.authorization && authorization())
    headers.Authorization = authorization();
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(parameters),
  });
  return response.json();
}

const place = document.getElementById("explorer");
let generation = 0;

function mount() {
  generation += 1;
  ReactDOM.render(
    React.createElement(GraphiQL, {
      key: generation, // A new token may see another schema answer: start again.
      fetcher,
      defaultQuery: example,
      isHeadersEditorEnabled: true,
      shouldPersistHeaders: false,
    }),
    place,
  );
}

document.getElementById("access").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem("nguon.token", tokenInput.value.trim());
  mount();
});

mount();
