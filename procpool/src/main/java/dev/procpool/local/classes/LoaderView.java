package dev.procpool.local.classes;

import dev.procpool.bytecode.CorePackages;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Origin;
import dev.procpool.spi.TaskOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the caller's class loaders as workers see it, until a class of it is redefined: then
 * another view takes its place, under another number, so that workers load everything anew.
 *
 * <p>Thread-safe as a {@link ClassView} is.
 */
final class LoaderView extends ClassView {

  private static final long COMPARE_NANOS = 50_000_000;

  /** Where classes lie that don't change while their loader is in use. */
  private static final Set<String> FIXED = Set.of("file", "jar", "jrt");

  /** Whether workers have what this JVM's class path has. */
  private final boolean sharesClassPath;

  /** Whether a class file is the loader's own, for those that were looked up. */
  private final Map<String, Boolean> own = new ConcurrentHashMap<>();

  /** Class files of memory, as they were given to workers: they may change. */
  private final Map<String, byte[]> given = new ConcurrentHashMap<>();

  /** When all that was given was compared last. */
  private volatile long comparedAt = System.nanoTime() - COMPARE_NANOS;

  LoaderView(long number, ClassLoader loader, boolean sharesClassPath) {
    super(number, loader);
    this.sharesClassPath = sharesClassPath;
  }

  /**
   * Tells whether every class is still as it was given to workers.
   *
   * <p>What a call from a shell can run was read for that call already, and is always compared.
   * What else was given out is compared too, but not for each call of a loop: nobody redefines
   * anything meanwhile.
   */
  @Override
  boolean isCurrent(ClassLoader of, @Nullable ShellReach reach) {
    if (reach != null) {
      for (Map.Entry<String, byte[]> entry : reach.classFiles().entrySet()) {
        byte[] earlier = given.get(entry.getKey());
        if (earlier != null && !Arrays.equals(entry.getValue(), earlier)) {
          return false;
        }
      }
      if (System.nanoTime() - comparedAt < COMPARE_NANOS) {
        return true;
      }
      comparedAt = System.nanoTime();
    }
    for (Map.Entry<String, byte[]> entry : given.entrySet()) {
      byte[] now = bytes(of, entry.getKey());
      if (now != null && !Arrays.equals(now, entry.getValue())) {
        return false;
      }
    }
    return true;
  }

  @Override
  Content find(ClassLoader from, String path) {
    Content known = read(from, path);
    return known != null ? known : load(from, path);
  }

  /** Reads a class file; null if the loader finds none. */
  @Override
  @Nullable Content read(ClassLoader from, String path) {
    byte[] before = given.get(path);
    if (before != null) {
      return new Content(path, Origin.OWN, before);
    }
    if (CorePackages.hasClass(className(path))) {
      return new Content(path, Origin.SHARED, NOTHING);
    }
    Boolean isOwn = own.get(path);
    boolean isFixed = true;
    if (isOwn == null) {
      URL url = from.getResource(path);
      isOwn = url != null && !isShared(path, url);
      isFixed = url != null && isFixed(url.getProtocol());
      if (url != null && isFixed) {
        own.put(path, isOwn);
        if (!isOwn) {
          return new Content(path, Origin.SHARED, NOTHING);
        }
      }
    } else if (!isOwn) {
      return new Content(path, Origin.SHARED, NOTHING);
    }
    byte[] bytes = bytes(from, path);
    if (bytes == null) {
      return null;
    }
    if (!isFixed) {
      byte[] earlier = given.putIfAbsent(path, bytes);
      bytes = earlier == null ? bytes : earlier;
    }
    return new Content(path, Origin.OWN, bytes);
  }

  /** Has the loader itself look for a class: it may make the class file only then, or have none. */
  private Content load(ClassLoader from, String path) {
    try {
      ClassLoader defining = Class.forName(className(path), false, from).getClassLoader();
      if (defining == null || isShared(defining)) {
        return new Content(path, Origin.SHARED, NOTHING);
      }
      Content made = read(from, path);
      return made != null
          ? made
          : new Content(
              path, Origin.NO_FILE, defining.getClass().getName().getBytes(StandardCharsets.UTF_8));
    } catch (ClassNotFoundException | LinkageError e) {
      return new Content(path, Origin.MISSING, NOTHING);
    }
  }

  @Override
  List<Content> readResources(String path) {
    List<Content> contents = new ArrayList<>();
    ClassLoader from = loader();
    if (from == null) {
      return contents;
    }
    try {
      List<URL> urls = Collections.list(from.getResources(path));
      URL first = from.getResource(path); // some loaders answer one question but not the other
      if (urls.isEmpty() && first != null) {
        urls = List.of(first);
      }
      Set<String> shared = new HashSet<>();
      for (URL url : Collections.list(sharedLoader().getResources(path))) {
        shared.add(url.toExternalForm());
      }
      boolean isFirst = true;
      for (URL url : urls) {
        if (shared.add(url.toExternalForm())) {
          byte[] bytes = isFirst ? bytes(from, path) : bytes(url);
          if (bytes != null) {
            contents.add(new Content(path, Origin.OWN, bytes));
          }
        }
        isFirst = false;
      }
      if (urls.isEmpty()) {
        byte[] bytes = bytes(from, path);
        if (bytes != null) {
          contents.add(new Content(path, Origin.OWN, bytes));
        }
      }
    } catch (IOException e) {
      // as good as not there
    }
    return contents;
  }

  /** The launcher of source files keeps them in memory, but compiles them only once. */
  private static boolean isFixed(String protocol) {
    return FIXED.contains(protocol) || protocol.startsWith("sourcelauncher-");
  }

  /** Has what workers have, too. */
  private ClassLoader sharedLoader() {
    return sharesClassPath
        ? ClassLoader.getSystemClassLoader()
        : ClassLoader.getPlatformClassLoader();
  }

  private boolean isShared(String path, URL url) {
    URL shared = sharedLoader().getResource(path);
    return shared != null && shared.toExternalForm().equals(url.toExternalForm());
  }

  private boolean isShared(ClassLoader defining) {
    return sharesClassPath
        ? TaskOrigin.isOfClassPath(defining)
        : defining == ClassLoader.getPlatformClassLoader();
  }

  private static byte @Nullable [] bytes(ClassLoader from, String path) {
    try (InputStream in = from.getResourceAsStream(path)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      return null; // as good as not there
    }
  }

  private static byte @Nullable [] bytes(URL url) {
    try {
      var connection = url.openConnection();
      connection.setUseCaches(false); // a cached jar file would stay open
      try (InputStream in = connection.getInputStream()) {
        return in.readAllBytes();
      }
    } catch (IOException e) {
      return null;
    }
  }

  private static String className(String path) {
    return path.substring(0, path.length() - ".class".length()).replace('/', '.');
  }
}
