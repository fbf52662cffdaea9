package dev.procpool.worker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Stands for one of the pool's class loaders: what this worker's class path does not have is asked
 * of the pool, once. So tasks from a shell, a single source file or a plug-in find their classes.
 *
 * <p>Thread-safe.
 */
final class FetchingLoader extends ClassLoader {

  static {
    registerAsParallelCapable();
  }

  /** What the pool's loader does not have either; asked for once. */
  private static final byte[] MISSING = new byte[0];

  private final long id;
  private final ClassFetch fetch;
  private final Map<String, byte[]> resources = new ConcurrentHashMap<>();

  FetchingLoader(long id, ClassLoader parent, ClassFetch fetch) {
    super("procpool-" + id, parent);
    this.id = id;
    this.fetch = fetch;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = fetch.fetch(id, name.replace('.', '/') + ".class");
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    return defineClass(name, bytes, 0, bytes.length);
  }

  @Override
  protected @Nullable URL findResource(String name) {
    byte[] bytes =
        resources.computeIfAbsent(
            name,
            path -> {
              byte[] fetched = fetch.fetch(id, path);
              return fetched == null ? MISSING : fetched;
            });
    return bytes == MISSING ? null : url(name, bytes);
  }

  private static URL url(String name, byte[] bytes) {
    try {
      return new URL("procpool", null, -1, "/" + name, new Handler(bytes));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no resource can have the name " + name, e);
    }
  }

  /** Opens a URL whose content is here. */
  private static final class Handler extends URLStreamHandler {

    private final byte[] bytes;

    Handler(byte[] bytes) {
      this.bytes = bytes;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public InputStream getInputStream() throws IOException {
          return new ByteArrayInputStream(bytes);
        }

        @Override
        public long getContentLengthLong() {
          return bytes.length;
        }
      };
    }
  }
}
