package dev.procpool.local.classes;

import dev.procpool.codec.ByteOutput;
import dev.procpool.protocol.FetchMessage;
import dev.procpool.protocol.FetchMessage.Content;
import dev.procpool.protocol.FetchMessage.Kind;
import dev.procpool.protocol.FetchMessage.Origin;
import dev.procpool.spi.RemoteClasses;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The loader of tasks that another JVM has sent: that is asked for classes, once for all workers.
 *
 * <p>Thread-safe as a {@link ClassView} is.
 */
final class RemoteView extends ClassView {

  /** What the sender has told, by path. It does not change: another class has another number. */
  private final Map<String, Content> known = new ConcurrentHashMap<>();

  RemoteView(long number, RemoteClasses loader) {
    super(number, loader);
  }

  @Override
  boolean isCurrent(ClassLoader of, @Nullable ShellReach reach) {
    return true;
  }

  @Override
  @Nullable Content read(ClassLoader from, String path) {
    return known.get(path);
  }

  @Override
  Content find(ClassLoader from, String path) {
    Content found = known.get(path);
    if (found == null) {
      found = new Content(path, Origin.MISSING, NOTHING);
      for (Content content : ask((RemoteClasses) from, Kind.CLASS, path)) {
        if (content.origin() != Origin.MISSING) { // it may be there when asked for again
          known.putIfAbsent(content.path(), content);
        }
        found = content.path().equals(path) ? content : found;
      }
    }
    return found;
  }

  @Override
  List<Content> readResources(String path) {
    ClassLoader from = loader();
    return from == null ? List.of() : ask((RemoteClasses) from, Kind.RESOURCES, path);
  }

  private static List<Content> ask(RemoteClasses from, Kind kind, String path) {
    ByteOutput out = new ByteOutput(64, Long.MAX_VALUE);
    new FetchMessage(0, from.number(), kind, path).write(out);
    return FetchMessage.Answer.read(ByteBuffer.wrap(from.ask(out.toByteArray()))).contents();
  }
}
