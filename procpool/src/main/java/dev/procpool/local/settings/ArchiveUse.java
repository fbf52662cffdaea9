package dev.procpool.local.settings;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a pool does about archives of classes. Immutable.
 *
 * @param folder where workers find one and it is kept; null for no use of it
 * @param target where this pool's only worker writes one; null if it does not
 * @param recorded the class path of that worker
 * @param hasUsers whether the archive has users' classes, too
 */
public record ArchiveUse(
    @Nullable Path folder, @Nullable Path target, List<String> recorded, boolean hasUsers) {

  public static final ArchiveUse NONE = new ArchiveUse(null, null, List.of(), false);
}
