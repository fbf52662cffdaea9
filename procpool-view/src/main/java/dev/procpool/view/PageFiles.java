package dev.procpool.view;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, from the jar. Immutable. */
final class PageFiles {

  /**
   * A file.
   *
   * @param type its media type
   * @param bytes its content; not to be changed
   */
  record PageFile(String type, byte[] bytes) {}

  private final Map<String, PageFile> files = new HashMap<>();

  PageFiles() {
    add("/", "page.html", "text/html; charset=utf-8");
    for (String script :
        new String[] {"page.js", "source.js", "charts.js", "lanes.js", "tables.js", "workers.js"}) {
      add("/" + script, script, "text/javascript; charset=utf-8");
    }
    add("/page.css", "page.css", "text/css; charset=utf-8");
    add("/icon.svg", "icon.svg", "image/svg+xml");
  }

  private void add(String path, String name, String type) {
    try (InputStream in = PageFiles.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(
            "the jar of procpool-view was repacked without dev/procpool/view/" + name);
      }
      files.put(path, new PageFile(type, in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Nullable PageFile get(String path) {
    return files.get(path);
  }
}
