import { route } from "./router";

/** The screen that the address names. */
export function App() {
  return <main>{route.value.screen}</main>;
}
