package dev.procpool.cli.value;

/** Tells which texts are numbers of JSON. Stateless. */
public final class JsonNumber {

  private JsonNumber() {}

  /** Tells whether a whole text is a number as JSON writes it. */
  public static boolean is(String text) {
    int end = text.length();
    int at = end > 0 && text.charAt(0) == '-' ? 1 : 0;
    int whole = at;
    at = digits(text, at);
    if (at == whole || text.charAt(whole) == '0' && at > whole + 1) {
      return false;
    }
    if (at < end && text.charAt(at) == '.') {
      int decimals = at + 1;
      at = digits(text, decimals);
      if (at == decimals) {
        return false;
      }
    }
    if (at < end && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
      at++;
      at += at < end && (text.charAt(at) == '+' || text.charAt(at) == '-') ? 1 : 0;
      int power = at;
      at = digits(text, power);
      if (at == power) {
        return false;
      }
    }
    return at == end;
  }

  private static int digits(String text, int from) {
    int at = from;
    while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
      at++;
    }
    return at;
  }
}
