package dev.procpool.local.result;

import dev.procpool.Progress;
import dev.procpool.channel.Note;
import dev.procpool.channel.RunPage;
import dev.procpool.local.fleet.Worker;
import dev.procpool.protocol.ProtocolException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What there is of an item that has no value. Immutable.
 *
 * @param part the encoded part that it has published last; null for none
 * @param progress how far it had come; null if nobody said
 */
@SuppressWarnings("ArrayRecordComponent") // passed on; never compared
public record Remains(byte @Nullable [] part, @Nullable Progress progress) {

  static final Remains NONE = new Remains(null, null);

  /** How many bytes the part takes. */
  long bytes() {
    return part == null ? 0 : part.length;
  }

  /** Reads how far an item has come off the page of its worker, which may be dead. */
  public static @Nullable Progress progress(Worker worker, long word) {
    RunPage page = worker.line().page();
    Note note;
    try {
      note = page == null ? null : page.note();
    } catch (InternalError e) { // it has taken its memory away
      return null;
    }
    return note == null || note.word() != word ? null : new Progress(note.fraction(), note.text());
  }

  /** Reads how far an item has come in what its worker sent. */
  static Progress progress(byte[] message, int from, int length) throws ProtocolException {
    ProtocolException.check(
        length >= Double.BYTES && length <= Double.BYTES + Note.MAX_TEXT_BYTES,
        "an item says something odd of its progress");
    double fraction = ByteBuffer.wrap(message, from, length).getDouble();
    byte[] text = Arrays.copyOfRange(message, from + Double.BYTES, from + length);
    Note note = Note.of(0, fraction, text);
    if (note == null) {
      throw new ProtocolException("an item says something odd of its progress");
    }
    return new Progress(note.fraction(), note.text());
  }
}
