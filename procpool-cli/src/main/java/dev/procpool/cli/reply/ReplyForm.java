package dev.procpool.cli.reply;

import dev.procpool.cli.row.PackedText;

/**
 * Replies as the one text in which they come back from the workers: the JSON itself of an item that
 * is well and has printed nothing that is kept, else all that a reply has. Stateless.
 */
public final class ReplyForm {

  /** What a reply begins with that is more than its JSON. No JSON begins so. */
  private static final char WHOLE = 0;

  private static final Status[] STATUSES = Status.values();

  private ReplyForm() {}

  /** Writes a reply. */
  @SuppressWarnings("EnumOrdinal") // the reader is of the same jar
  public static String write(Reply reply) {
    if (reply.status() == Status.OK && reply.printed() == null && !isWhole(reply.value())) {
      return reply.value();
    }
    StringBuilder out = new StringBuilder(256).append(WHOLE);
    PackedText.put(reply.status().ordinal(), out);
    PackedText.put(reply.json(), out);
    PackedText.put(reply.error(), out);
    PackedText.put(reply.message(), out);
    PackedText.put(reply.frame(), out);
    PackedText.put(reply.stack(), out);
    PackedText.put(reply.printed(), out);
    return out.toString();
  }

  /** Reads a reply. */
  public static Reply read(String form) {
    if (!isWhole(form)) {
      return Reply.ok(form);
    }
    PackedText in = new PackedText(form, 1);
    Status status = STATUSES[(int) in.number()];
    return new Reply(status, in.text(), in.text(), in.text(), in.text(), in.text(), in.text());
  }

  /** What a serializer of the user's writes may be empty, or begin with anything. */
  private static boolean isWhole(String form) {
    return !form.isEmpty() && form.charAt(0) == WHOLE;
  }
}
