import { render } from "preact";
import "./styles/tokens.css";
import "./styles/base.css";
import { App } from "./app";
import { watchInstall } from "./install";
import { beginOffline } from "./offline";
import { followHistory } from "./router";
import { stripSecret } from "./share-secret";

stripSecret();
followHistory();
watchInstall();
const place = document.getElementById("app");
if (place) render(<App />, place);
void beginOffline();
