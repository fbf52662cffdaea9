package dev.procpool.worker;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/** Opens URLs whose content is here, in memory. Immutable. */
final class MemoryUrl extends URLStreamHandler {

  private final byte[] bytes;

  private MemoryUrl(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Makes the URL of a fetched resource. */
  static URL of(String path, byte[] bytes) {
    try {
      return new URL("procpool", null, -1, "/" + path, new MemoryUrl(bytes));
    } catch (MalformedURLException e) {
      throw new IllegalArgumentException("no resource can have the name " + path, e);
    }
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
