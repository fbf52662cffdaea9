package dev.procpool.jvm;

import java.nio.charset.Charset;

/** The encodings in which this JVM hears of names and options, and tells other programs. */
public final class Encodings {

  private Encodings() {}

  /**
   * Gives the encoding of the command line, of argument files and of file names, which the system's
   * locale decides: with {@code LC_ALL=C} it has nothing but ASCII.
   *
   * @return the encoding
   */
  public static Charset ofNames() {
    String name = System.getProperty("native.encoding");
    return name == null || !Charset.isSupported(name)
        ? Charset.defaultCharset()
        : Charset.forName(name);
  }

  /**
   * Tells whether a text can be told to another program as it is.
   *
   * @param text the text
   * @param charset the encoding
   * @return whether the encoding has all its characters
   */
  public static boolean canExpress(String text, Charset charset) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return charset.newEncoder().canEncode(text);
      }
    }
    return true;
  }
}
