import { addressOf } from "../search";
import { lastFilters } from "../worklist";
import { Icon, type IconName } from "./icon";

const TABS: [screen: string, address: string, icon: IconName, label: string][] = [
  ["worklist", "/", "list", "Studies"],
  ["shares", "/shares", "share", "Shares"],
  ["me", "/me", "person", "Me"],
];

/** The app's three places, in the thumb's reach. */
export function Tabs({ screen }: { screen: string }) {
  return (
    <nav class="tabs" aria-label="Places">
      {TABS.map(([name, address, icon, label]) => (
        <a
          key={name}
          href={name === "worklist" ? addressOf(lastFilters.value) : address}
          aria-current={screen === name ? "page" : undefined}
        >
          <Icon name={icon} />
          {label}
        </a>
      ))}
    </nav>
  );
}
