package dev.procpool.testkit.chaos;

import dev.procpool.testkit.chaos.Ledger.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the items recorded, by item and by process. Immutable once made. */
final class History {

  private record Key(int call, int item) {}

  private final Map<Key, List<Entry>> starts = new HashMap<>();

  /** The starts without an end, by process. */
  private final Map<Long, List<Entry>> open = new HashMap<>();

  History(List<Entry> entries) {
    for (Entry entry : entries) {
      List<Entry> ofPid = open.computeIfAbsent(entry.pid(), pid -> new ArrayList<>());
      if (entry.isStart()) {
        starts
            .computeIfAbsent(new Key(entry.call(), entry.item()), key -> new ArrayList<>())
            .add(entry);
        ofPid.add(entry);
      } else {
        ofPid.stream().filter(entry::isOfSameRun).findFirst().ifPresent(ofPid::remove);
      }
    }
  }

  List<Entry> starts(int call, int item) {
    return starts.getOrDefault(new Key(call, item), List.of());
  }

  /** The items that a process started and did not end. */
  List<Entry> open(long pid) {
    return open.getOrDefault(pid, List.of());
  }

  Map<Long, List<Entry>> open() {
    return open;
  }
}
