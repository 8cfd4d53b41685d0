const PATHS = {
  back: "M15 5l-7 7 7 7",
  forward: "M9 5l7 7-7 7",
  close: "M6 6l12 12M18 6L6 18",
  list: "M4 6.5h16M4 12h16M4 17.5h10",
  share: "M12 15V4M8 7.5L12 3.5l4 4M6 11H5v9h14v-9h-1",
  person: "M12 12a4 4 0 100-8 4 4 0 000 8zM4.5 20c1-3.5 4-5 7.5-5s6.500 1.500 7.500 5",
  search: "M10.500 17a6.500 6.500 0 100-13 6.500 6.500 0 000 13zM15.500 15.500L20 20",
  report: "M7 3.500h7l4 4v13H7zM13.500 3.500V8H18M10 12h5M10 16h5",
  picture: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4",
  key: "M8 16a4 4 0 100-8 4 4 0 000 8zM12 12h9M17 12v3M20.500 12v2.500",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  link: "M10 14a4 4 0 006 .4l3-3a4 4 0 00-5.700-5.700L12 7M14 10a4 4 0 00-6-.4l-3 3a4 4 0 005.700 5.700L12 17",
  print: "M7 8V4h10v4M7 17H4V8h16v9h-3M7 14h10v6H7z",
  retry: "M19 12a7 7 0 11-2-5M17.500 3v4h-4",
} as const;

export type IconName = keyof typeof PATHS;

/** A line drawing beside a word, never in place of one: hidden from screen readers. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}
