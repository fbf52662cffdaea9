package dev.procpool.local.output;

import dev.procpool.RunningItem;
import dev.procpool.protocol.OutputMark;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The labels of a pool's latest calls, which outlive their calls for a while: a line that was
 * printed by a call may be read after its end. Thread-safe, guarded by itself.
 */
public final class CallLabels {

  private static final int MOST = 1024;

  private final Map<Long, String> labels =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
          return size() > MOST;
        }
      };

  public synchronized void put(long call, String label) {
    labels.put(call, label);
  }

  /** Gives what users are told of an item. */
  public synchronized Optional<RunningItem> describe(@Nullable OutputMark mark) {
    if (mark == null) {
      return Optional.empty();
    }
    Optional<String> label = Optional.ofNullable(labels.get(mark.call()));
    return Optional.of(new RunningItem(mark.call(), label, mark.index(), mark.attempt()));
  }
}
