package dev.procpool.local.classes;

import dev.procpool.bytecode.ClassFile;
import dev.procpool.bytecode.CorePackages;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Origin;
import dev.procpool.spi.TaskOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One of the caller's class loaders as workers see it, until a class of it is redefined: then
 * another view takes its place, under another number, so that workers load everything anew.
 *
 * <p>Thread-safe, but for the two fields of {@link ClassSource}'s. Holds the loader weakly.
 */
final class LoaderView {

  private static final int MAX_CONTENTS = 128;
  private static final int MAX_BYTES = 512 * 1024;
  private static final long COMPARE_NANOS = 50_000_000;
  private static final byte[] NOTHING = new byte[0];

  /** Where classes lie that don't change while their loader is in use. */
  private static final Set<String> FIXED = Set.of("file", "jar", "jrt");

  final long number;

  /** How many calls use it; guarded by {@link ClassSource}. */
  int calls;

  /** Whether it will not be used by another call; guarded by {@link ClassSource}. */
  boolean isOver;

  private final WeakReference<ClassLoader> loader;

  /** Whether a class file is the loader's own, for those that were looked up. */
  private final Map<String, Boolean> own = new ConcurrentHashMap<>();

  /** Class files of memory, as they were given to workers: they may change. */
  private final Map<String, byte[]> given = new ConcurrentHashMap<>();

  /** What each worker was told of, so that nothing is sent along twice. */
  private final Map<Object, Set<String>> told = Collections.synchronizedMap(new WeakHashMap<>());

  /** When all that was given was compared last. */
  private volatile long comparedAt = System.nanoTime() - COMPARE_NANOS;

  LoaderView(long number, ClassLoader loader) {
    this.number = number;
    this.loader = new WeakReference<>(loader);
  }

  boolean isUnreachable() {
    return loader.refersTo(null);
  }

  /**
   * Tells whether every class is still as it was given to workers.
   *
   * <p>What a call from a shell can run was read for that call already, and is always compared.
   * What else was given out is compared too, but not for each call of a loop: nobody redefines
   * anything meanwhile.
   */
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

  /**
   * Reads a class, and with it what it refers to and the worker has not been told of: that saves a
   * question for each.
   */
  List<Content> readClass(Object worker, String path) {
    ClassLoader from = loader.get();
    if (from == null) {
      return List.of(new Content(path, Origin.MISSING, NOTHING));
    }
    Content asked = read(from, path);
    if (asked == null) {
      asked = load(from, path);
    }
    List<Content> contents = new ArrayList<>();
    contents.add(asked);
    Set<String> known = told.computeIfAbsent(worker, key -> new HashSet<>());
    synchronized (known) {
      if (asked.origin() != Origin.MISSING) { // of those there is no end
        known.add(path);
      }
      addReferences(from, asked, contents, known);
    }
    return contents;
  }

  private void addReferences(
      ClassLoader from, Content asked, List<Content> contents, Set<String> known) {
    Deque<Content> open = new ArrayDeque<>();
    open.add(asked);
    int bytes = 0;
    while (!open.isEmpty()) {
      for (String name : references(open.remove().bytes())) {
        String path = name + ".class";
        if (contents.size() >= MAX_CONTENTS || bytes >= MAX_BYTES) {
          return;
        }
        if (!name.startsWith("java/") && !known.contains(path)) {
          Content content = read(from, path);
          if (content != null) {
            known.add(path);
            contents.add(content);
            bytes += content.bytes().length;
            open.add(content);
          }
        }
      }
    }
  }

  private static Set<String> references(byte[] classFile) {
    if (classFile.length == 0) {
      return Set.of();
    }
    try {
      return ClassFile.read(classFile).constants().classNames();
    } catch (IOException e) {
      return Set.of(); // the worker's JVM will say what is wrong with it
    }
  }

  /** Reads a class file; null if the loader finds none. */
  private @Nullable Content read(ClassLoader from, String path) {
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
      isOwn = url != null && !isOfClassPath(path, url);
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
      if (defining == null || TaskOrigin.isOfClassPath(defining)) {
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

  /** Reads all resources of a name, but for those of the class path. */
  List<Content> readResources(String path) {
    List<Content> contents = new ArrayList<>();
    ClassLoader from = loader.get();
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
      for (URL url : Collections.list(ClassLoader.getSystemClassLoader().getResources(path))) {
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

  private static boolean isOfClassPath(String path, URL url) {
    URL ofClassPath = ClassLoader.getSystemClassLoader().getResource(path);
    return ofClassPath != null && ofClassPath.toExternalForm().equals(url.toExternalForm());
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
