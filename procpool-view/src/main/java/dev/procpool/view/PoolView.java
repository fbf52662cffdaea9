package dev.procpool.view;

import dev.procpool.Pool;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A page in the browser that shows pools as they run: workers and what each is at, calls,
 * throughput, run times, failures.
 *
 * <pre>{@code
 * try (Pool pool = ProcessPool.create();
 *     PoolView view = PoolView.open(pool)) {
 *   System.out.println("watch it at " + view.url());
 *   pool.map(Prices::of, orders);
 * }
 * }</pre>
 *
 * <p>The page is served by this program, on the loopback interface unless it is told otherwise, and
 * shown to those who have the URL: a token is in it. It only shows, unless {@link
 * Builder#allowActions} says that it may cancel calls, kill workers and so on.
 *
 * <p>What is shown is the last five minutes, from when the view was opened, in ticks of a quarter
 * of a second. An open view keeps its pools reachable, so that a pool which nobody closes is not
 * ended; it stays open when they end, and shows that.
 *
 * <p>Thread-safe.
 *
 * @since 0.2.0
 */
public final class PoolView implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.procpool.view");

  private final ViewInfo view;
  private final ViewServer server;
  private final URI url;
  private final Optional<Path> file;
  private final List<Ticker> tickers = new CopyOnWriteArrayList<>();
  private final Thread caretaker;
  private volatile boolean closed;

  private PoolView(ViewInfo view, ViewServer server, URI url, Optional<Path> file) {
    this.view = view;
    this.server = server;
    this.url = url;
    this.file = file;
    this.caretaker = new Thread(null, this::lookAfterReaders, "procpool-view-readers", 0, false);
    caretaker.setDaemon(true);
  }

  /**
   * Opens a view that this machine's users can see who have its URL, on a port that is free.
   *
   * @param pools the pools to show
   * @return the view
   * @throws UncheckedIOException if no port is to be had
   * @throws UnsupportedOperationException if one of the pools tells no observers
   */
  public static PoolView open(Pool... pools) {
    return builder().pools(pools).open();
  }

  /**
   * Begins a view with options.
   *
   * @return the builder
   */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Finds the view that a program of this user has open on this machine; the newest, if it has
   * several. A program writes down where its views are, where only its user can read it: in {@code
   * .procpool/views} of the user's home, or where the system property {@code
   * procpool.view.directory} says, of both programs; {@code off} for nowhere.
   *
   * @param pid the program's process identifier
   * @return the URL, with its token; empty if there is none
   * @throws IOException if it can't be read
   */
  public static Optional<URI> find(long pid) throws IOException {
    return ViewFiles.find(pid);
  }

  /**
   * Gives the page's address, with the token. Who has it sees the pools, and may act if that is
   * allowed.
   *
   * @return the URL
   */
  public URI url() {
    return url;
  }

  /**
   * Shows one more pool.
   *
   * @param pool the pool
   * @throws IllegalStateException if this view is closed
   * @throws UnsupportedOperationException if the pool tells no observers
   */
  public void add(Pool pool) {
    PoolFold fold = new PoolFold(Objects.requireNonNull(pool, "pool"));
    if (closed) {
      throw new IllegalStateException("the view " + url.getAuthority() + " is closed");
    }
    tickers.add(new Ticker(fold, String.valueOf(view.size())));
    view.add(fold);
  }

  private void lookAfterReaders() {
    while (!closed) {
      try {
        Thread.sleep(5_000);
        server.look(System.nanoTime());
      } catch (InterruptedException e) {
        // the end, or somebody's who did not mean this thread
      }
    }
  }

  /** Closes the page; the pools go on. A second call does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    caretaker.interrupt();
    tickers.forEach(Ticker::stop);
    server.close();
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      LOG.log(System.Logger.Level.DEBUG, "the file of a view stays behind", e);
    }
  }

  /** Does not tell the token. */
  @Override
  public String toString() {
    return "view of "
        + view.size()
        + " pools at "
        + url.getAuthority()
        + (closed ? ", closed" : "");
  }

  /** What a view is to be. Not thread-safe. */
  public static final class Builder {

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9_~.-]{16,512}");

    private final List<Pool> pools = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private int port;
    private InetAddress address = InetAddress.getLoopbackAddress();
    private boolean allowActions;
    private @Nullable String token;

    private Builder() {}

    /**
     * Adds pools to show. More can be added once the view is open.
     *
     * @param shown the pools
     * @return this
     */
    public Builder pools(Pool... shown) {
      Arrays.stream(shown).forEach(pool -> pools.add(Objects.requireNonNull(pool, "pool")));
      return this;
    }

    /**
     * Sets the port. Default: 0, which is one that is free.
     *
     * @param number from 0 to 65535
     * @return this
     */
    public Builder port(int number) {
      if (number < 0 || number > 65_535) {
        throw new IllegalArgumentException("port must be from 0 to 65535, was " + number);
      }
      port = number;
      return this;
    }

    /**
     * Sets the address to listen at. Default: the loopback address, which only this machine can
     * reach. What is sent is not encrypted, the token neither: to look from another machine,
     * forward the port instead ({@code ssh -L}), or have a proxy with TLS before it.
     *
     * @param local an address of this machine; the wildcard address for all
     * @return this
     */
    public Builder bindAddress(InetAddress local) {
      address = Objects.requireNonNull(local, "local");
      return this;
    }

    /**
     * Says under which names browsers reach this page, besides {@code localhost} and addresses.
     * Requests for other names are refused, as other sites could have a name of theirs point here.
     *
     * @param hosts names, without port
     * @return this
     */
    public Builder hostNames(String... hosts) {
      Arrays.stream(hosts).map(host -> host.toLowerCase(Locale.ROOT)).forEach(names::add);
      return this;
    }

    /**
     * Says whether who has the URL may cancel calls, kill workers, resize pools and take thread
     * dumps. Each deed is logged, by the logger {@code dev.procpool.view}. Default: no.
     *
     * @param allowed whether
     * @return this
     */
    public Builder allowActions(boolean allowed) {
      allowActions = allowed;
      return this;
    }

    /**
     * Sets the token that is part of the URL, so that it stays the same when the program starts
     * again. Default: 192 random bits.
     *
     * @param secret 16 to 512 characters: letters, digits, {@code - . _ ~}
     * @return this
     */
    public Builder token(String secret) {
      if (!TOKEN.matcher(secret).matches()) { // which it is, is not told
        throw new IllegalArgumentException(
            "token must have 16 to 512 characters of A-Z a-z 0-9 - . _ ~");
      }
      token = secret;
      return this;
    }

    /**
     * Opens the view.
     *
     * @return the view; close it to end it
     * @throws UncheckedIOException if the port is taken
     * @throws UnsupportedOperationException if one of the pools tells no observers
     */
    public PoolView open() {
      String secret = token == null ? random() : token;
      ViewInfo info = new ViewInfo(allowActions);
      Gate gate = new Gate(secret, names, address.isLoopbackAddress());
      ViewServer server;
      try {
        server = new ViewServer(new InetSocketAddress(address, port), info, gate);
      } catch (IOException e) {
        throw new UncheckedIOException(
            "no view can be opened at port " + port + " of " + address + ": " + e.getMessage(), e);
      }
      URI url = URI.create("http://" + authority(server.port()) + "/#token=" + secret);
      PoolView view = new PoolView(info, server, url, announce(url, server.port()));
      try {
        pools.forEach(view::add);
        view.caretaker.start();
      } catch (Throwable e) {
        view.close();
        throw e;
      }
      return view;
    }

    private String authority(int realPort) {
      InetAddress shown = address.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : address;
      String host = shown.getHostAddress().replaceFirst("%.*", "");
      return (host.contains(":") ? "[" + host + "]" : host) + ":" + realPort;
    }

    private static String random() {
      byte[] bits = new byte[24];
      new SecureRandom().nextBytes(bits);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(bits);
    }

    private static Optional<Path> announce(URI url, int port) {
      try {
        return ViewFiles.write(url, port);
      } catch (IOException | UnsupportedOperationException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "'procpool top PID' won't find the live page of this program: " + e);
        return Optional.empty();
      }
    }
  }
}
