import { render } from "preact";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app";
import { beginOffline } from "./offline";
import { followHistory } from "./router";
import { stripSecret } from "./share-secret";

stripSecret();
followHistory();
const place = document.getElementById("app");
if (place) render(<App />, place);
void beginOffline();
