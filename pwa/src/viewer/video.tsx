import { useEffect, useRef } from "preact/hooks";
import { tileAddress } from "../api";
import type { Scene } from "./scene";

/** A video in the picture's place, with the browser's own controls; hands on it are the controls' alone. */
export function VideoPlace({ scene }: { scene: Scene }) {
  const element = useRef<HTMLVideoElement>(null);
  const [video, series] = [scene.video.value, scene.series.value];
  useEffect(() => {
    scene.onPlay = () => {
      const player = element.current;
      if (player?.paused) player.play().catch(() => {});
      else player?.pause();
    };
    return () => {
      scene.onPlay = () => {};
    };
  }, [scene]);
  if (!video || !series) return null;
  const own = (event: Event) => event.stopPropagation();
  return (
    <video
      key={video.address}
      ref={element}
      controls
      playsInline
      preload="metadata"
      src={video.address}
      {...(series.tiles ? { poster: tileAddress(series.tiles, "v1024", 1) } : {})}
      aria-label="Video of the examination"
      onError={() => scene.videoFailed()}
      onPointerDown={own}
      onWheel={own}
    />
  );
}
