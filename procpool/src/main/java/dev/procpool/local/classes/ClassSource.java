package dev.procpool.local.classes;

import dev.procpool.call.Abandonment;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.spi.RemoteClasses;
import dev.procpool.spi.TaskOrigin;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The class loaders of the tasks, numbered, and what workers may read from them.
 *
 * <p>A number stands for a loader with its classes as they are; when one was redefined, the next
 * call gets another number, and a new loader in the workers with it. A loader that nobody else
 * holds is let go. When no call can name a number any more, workers are told to let go of their
 * part too.
 *
 * <p>Thread-safe, guarded by itself; reading is done outside the lock.
 */
public final class ClassSource {

  /** The number of the loader of the class path, which workers have themselves. */
  public static final long CLASS_PATH = 0;

  private static final String CLASS_FILE = ".class";

  private final boolean sharesClassPath;
  private final Map<ClassLoader, ClassView> current = new WeakHashMap<>();
  private final Map<Long, ClassView> views = new HashMap<>();
  private @Nullable LongConsumer onRelease;
  private final List<ClassLoader> pinned = new ArrayList<>();

  /** What awaits the ends of loaders, by the first number of each. */
  private final Map<Long, Abandonment> watches = new HashMap<>();

  private boolean closed;
  private long last;

  /** For workers that are started with this JVM's class path. */
  public ClassSource() {
    this(true);
  }

  /**
   * Makes an empty source.
   *
   * @param sharesClassPath whether workers have what this JVM's class path has
   */
  public ClassSource(boolean sharesClassPath) {
    this.sharesClassPath = sharesClassPath;
  }

  /** Has someone told of each number that no call will name again. */
  public synchronized void onRelease(LongConsumer action) {
    onRelease = action;
  }

  /**
   * Gives the number to use in one more call, to be closed when that has ended.
   *
   * @param reach where the task's code leads; null if it is not of a shell
   */
  public long open(ClassLoader loader, @Nullable ShellReach reach) {
    if (sharesClassPath && TaskOrigin.isOfClassPath(loader)) {
      return CLASS_PATH;
    }
    ClassView known = known(loader);
    boolean isCurrent = known != null && known.isCurrent(loader, reach);
    synchronized (this) {
      ClassView view = current.get(loader);
      if (view == null || view == known && !isCurrent) {
        if (view == null) {
          watch(loader, last + 1);
        } else {
          over(view);
        }
        view = view(++last, loader);
        current.put(loader, view);
        views.put(view.number, view);
      }
      view.calls++;
      return view.number;
    }
  }

  /**
   * Gives the number for what each worker is started with, now and later: its loader stays.
   *
   * @param action of the actions, one; or the codec; null if there are none
   */
  public long pin(@Nullable Object action) {
    if (action == null) {
      return CLASS_PATH;
    }
    return pinLoader(TaskOrigin.of(action).loader());
  }

  /** Gives the number of a loader that stays, for what each worker is started with. */
  public long pinLoader(ClassLoader loader) {
    pinned.add(loader);
    return open(loader, null);
  }

  private ClassView view(long number, ClassLoader loader) {
    return loader instanceof RemoteClasses remote
        ? new RemoteView(number, remote)
        : new LoaderView(number, loader, sharesClassPath);
  }

  private synchronized @Nullable ClassView known(ClassLoader loader) {
    return current.get(loader);
  }

  /** Takes note that a call has ended. */
  public synchronized void close(long number) {
    ClassView view = views.get(number);
    if (view != null) {
      view.calls--;
      releaseIfUnused(view);
    }
  }

  private void over(ClassView view) {
    view.isOver = true;
    releaseIfUnused(view);
  }

  private void releaseIfUnused(ClassView view) {
    if (view.isOver && view.calls == 0 && views.remove(view.number) != null && onRelease != null) {
      onRelease.accept(view.number);
    }
  }

  /** Has the loader's views end with it. Must hold neither it nor this pool. */
  private void watch(ClassLoader loader, long first) {
    if (closed || pinned.contains(loader)) {
      return; // nobody is left to be told, or it does not end before this
    }
    WeakReference<ClassSource> source = new WeakReference<>(this);
    watches.put(
        first,
        new Abandonment(
            loader,
            () -> {
              ClassSource known = source.get();
              if (known != null) {
                known.releaseUnreachable(first);
              }
            }));
  }

  /**
   * Ends the watches over loaders: the pool has ended. One may be the loader of these classes, and
   * would be held by the watch over itself.
   */
  public void close() {
    List<Abandonment> all;
    synchronized (this) {
      closed = true;
      all = List.copyOf(watches.values());
      watches.clear();
    }
    all.forEach(Abandonment::callOff);
  }

  private synchronized void releaseUnreachable(long first) {
    watches.remove(first);
    for (ClassView view : List.copyOf(views.values())) {
      if (view.isUnreachable()) {
        over(view);
      }
    }
  }

  /** Answers a worker's question. */
  public FetchMessage.Answer answer(Object worker, FetchMessage question) {
    ClassView view = view(question.loader());
    List<Content> contents = List.of();
    if (view != null && isAskable(question)) {
      contents =
          switch (question.kind()) {
            case CLASS -> view.readClass(worker, question.path());
            case RESOURCES -> view.readResources(question.path());
          };
    }
    return new FetchMessage.Answer(question.request(), contents);
  }

  /**
   * Whether a path may be shown to a loader: it stays below the loader's roots, whatever the loader
   * makes of it.
   */
  public static boolean isAskable(FetchMessage question) {
    String path = question.path();
    boolean leavesRoot =
        path.startsWith("/")
            || path.indexOf('\\') >= 0
            || path.indexOf('\0') >= 0
            || ("/" + path + "/").contains("/../");
    return !leavesRoot
        && (question.kind() == FetchMessage.Kind.RESOURCES
            || (path.endsWith(CLASS_FILE) && path.length() > CLASS_FILE.length()));
  }

  private synchronized @Nullable ClassView view(long number) {
    return views.get(number);
  }
}
