package dev.procpool.view;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Decides who may ask. Immutable.
 *
 * <p>A page of another site can have a browser send requests here. It does not know the token,
 * which no browser sends by itself: it is in a header that only our own page sets. And should such
 * a site have its own name point here (DNS rebinding), then its requests carry that name as their
 * host: a host is an address, {@code localhost} or a name that the view was told.
 */
final class Gate {

  private static final String SCHEME = "Bearer ";
  private static final Pattern IPV4 = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
  private static final Pattern IPV6 = Pattern.compile("\\[[0-9a-f:.]+]");

  private final byte[] token;
  private final Set<String> names;
  private final boolean isLoopback;

  /**
   * Makes a gate.
   *
   * @param token what who asks must know
   * @param names the names of the host, in lower case
   * @param isLoopback whether only this machine can reach it
   */
  Gate(String token, Set<String> names, boolean isLoopback) {
    this.token = token.getBytes(StandardCharsets.UTF_8);
    this.names = Set.copyOf(names);
    this.isLoopback = isLoopback;
  }

  /** Why a request is refused; null if it is not. The token is asked for only for data. */
  @Nullable Refusal refusal(HttpExchange exchange, boolean isData) {
    Headers headers = exchange.getRequestHeaders();
    String host = only(headers, "Host");
    if (host == null || !isOurs(host)) {
      return new Refusal(
          421, "this page is not served under that name: open it by the URL that the program gave");
    }
    String origin = headers.getFirst("Origin");
    if (origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host)) {
      return new Refusal(403, "pages of other sites may not ask this one");
    }
    if (!isData) {
      return null;
    }
    String site = headers.getFirst("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin")) {
      return new Refusal(403, "pages of other sites may not ask this one");
    }
    String given = only(headers, "Authorization");
    if (given == null || !given.startsWith(SCHEME) || !isToken(given.substring(SCHEME.length()))) {
      return new Refusal(401, "the token is missing or wrong: open the URL that the program gave");
    }
    return null;
  }

  /** In a time that does not depend on how much of it is right. */
  private boolean isToken(String given) {
    return MessageDigest.isEqual(token, given.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether it is one of ours; whatever the port, which may be forwarded from another. */
  private boolean isOurs(String host) {
    String name = host.toLowerCase(Locale.ROOT).replaceFirst(":[0-9]{1,5}$", "");
    if (names.contains(name)) {
      return true;
    }
    boolean isAddress = IPV4.matcher(name).matches() || IPV6.matcher(name).matches();
    return name.equals("localhost")
        || (isAddress && (!isLoopback || name.startsWith("127.") || name.equals("[::1]")));
  }

  /** The only header of such a name; null if there is none, or several. */
  private static @Nullable String only(Headers headers, String name) {
    var all = headers.get(name);
    return all == null || all.size() != 1 ? null : all.get(0);
  }

  /**
   * How a request is refused.
   *
   * @param status of HTTP
   * @param reason for people
   */
  record Refusal(int status, String reason) {}
}
