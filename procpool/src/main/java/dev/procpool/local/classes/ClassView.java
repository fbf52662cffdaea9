package dev.procpool.local.classes;

import dev.procpool.bytecode.ClassFile;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Origin;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A class loader of calls as workers see it, under a number.
 *
 * <p>Thread-safe, but for the two fields of {@link ClassSource}'s. Holds the loader weakly.
 */
abstract class ClassView {

  static final byte[] NOTHING = new byte[0];

  private static final int MAX_CONTENTS = 128;
  private static final int MAX_BYTES = 512 * 1024;

  final long number;

  /** How many calls use it; guarded by {@link ClassSource}. */
  int calls;

  /** Whether it will not be used by another call; guarded by {@link ClassSource}. */
  boolean isOver;

  private final WeakReference<ClassLoader> loader;

  /** What each worker was told of, so that nothing is sent along twice. */
  private final Map<Object, Set<String>> told = Collections.synchronizedMap(new WeakHashMap<>());

  ClassView(long number, ClassLoader loader) {
    this.number = number;
    this.loader = new WeakReference<>(loader);
  }

  boolean isUnreachable() {
    return loader.refersTo(null);
  }

  /** The loader; null if nobody else held it. */
  @Nullable ClassLoader loader() {
    return loader.get();
  }

  /** Tells whether every class is still as it was given to workers. */
  abstract boolean isCurrent(ClassLoader of, @Nullable ShellReach reach);

  /** Reads a class that was not asked for; null if it is none of the loader's. */
  abstract @Nullable Content read(ClassLoader from, String path);

  /** Finds a class that was asked for. */
  abstract Content find(ClassLoader from, String path);

  /** Reads all resources of a name, but for those that workers have. */
  abstract List<Content> readResources(String path);

  /**
   * Reads a class, and with it what it refers to and the worker has not been told of: that saves a
   * question for each.
   */
  List<Content> readClass(Object worker, String path) {
    ClassLoader from = loader();
    if (from == null) {
      return List.of(new Content(path, Origin.MISSING, NOTHING));
    }
    Content asked = find(from, path);
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
}
