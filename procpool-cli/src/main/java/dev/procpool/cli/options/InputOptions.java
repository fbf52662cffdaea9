package dev.procpool.cli.options;

import dev.procpool.cli.input.ArgumentLists;
import dev.procpool.cli.input.Format;
import dev.procpool.cli.input.RowPlan;
import dev.procpool.cli.input.WithColumns;
import dev.procpool.cli.message.UsageException;
import dev.procpool.cli.text.Encoding;
import dev.procpool.cli.text.TextForm;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say how the input is read. Filled by picocli, then read only. */
public final class InputOptions {

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      description =
          "The input's encoding, as ISO-8859-1 or windows-1252. Default: what its byte-order mark"
              + " says, else UTF-8. A row with bytes that are no text is invalid and not run.")
  @Nullable String encoding;

  @Option(
      names = "--delimiter",
      paramLabel = "CHAR",
      description =
          "What separates the fields of csv: one character, or \\t. Default: a comma; tsv: a tab.")
  public @Nullable String delimiter;

  @Option(
      names = "--quote",
      paramLabel = "CHAR",
      description =
          "What stands around a csv field that holds delimiters or line breaks, or none. Default: \""
              + " (written twice within a field).")
  public @Nullable String quote;

  @Option(
      names = {"-0", "--null"},
      description = "Items end with a NUL character and not with a line, as those of find -print0.")
  boolean nulSeparated;

  @Option(
      names = "--by-position",
      description =
          "With --header: bind columns to parameters by position, whatever the header's names are.")
  public boolean byPosition;

  @Option(
      names = "--with",
      paramLabel = "NAME=VALUE,...",
      description =
          "Run each row once with each of these values, in a column of that name. Repeatable: each"
              + " value of one with each of the others.")
  List<String> with = new ArrayList<>();

  @Option(
      names = "--sample",
      paramLabel = "N",
      description = "Run only N rows, taken at random over the whole input; it is read first.")
  @Nullable Integer sample;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Take the same rows as another --sample with this number. Default: others.")
  @Nullable Long seed;

  @Option(
      names = "--batch",
      paramLabel = "N",
      description =
          "Pass N rows in one call, to a method of a List or an array: of lines, -0, :::, --files or"
              + " jsonl. A batch is one item, with one result.")
  @Nullable Integer batch;

  @Option(
      names = "--from-results",
      description =
          "The input is what another run wrote: the value of each item is a row, as of jsonl. An"
              + " item without a value is an invalid row.")
  boolean fromResults;

  @Option(
      names = "--dry-run",
      description =
          "Start no worker and run nothing: show the target, what columns are bound to, and the"
              + " first rows as they would be passed.")
  public boolean dryRun;

  /** What stands behind the options, from the first {@code :::} on. */
  public ArgumentLists arguments = ArgumentLists.NONE;

  /** Gives an option that is given and says how text is read; null if there is none. */
  @Nullable String ofText() {
    return encoding != null
        ? "--encoding"
        : delimiter != null
            ? "--delimiter"
            : quote != null ? "--quote" : nulSeparated ? "-0" : null;
  }

  /** Gives what is made of the rows. */
  RowPlan plan(Format format) {
    if (sample != null && sample < 1) {
      throw new UsageException("--sample must be at least 1, was " + sample);
    }
    if (seed != null && sample == null) {
      throw new UsageException("--seed goes with --sample");
    }
    if (!with.isEmpty() && format == Format.jsonl) {
      throw new UsageException("--with adds columns, which jsonl has not: write them into it");
    }
    if (batch != null && batch < 1) {
      throw new UsageException("--batch must be at least 1, was " + batch);
    }
    if (batch != null && (!with.isEmpty() || format == Format.csv || format == Format.tsv)) {
      throw new UsageException(
          "--batch goes with map, and rows that are one value each: lines, -0, :::, --files, jsonl");
    }
    return new RowPlan(
        arguments,
        fromResults,
        WithColumns.parse(with),
        sample == null ? OptionalInt.empty() : OptionalInt.of(sample),
        seed == null ? System.nanoTime() : seed,
        batch == null ? OptionalInt.empty() : OptionalInt.of(batch));
  }

  /** Gives the form of the text, refusing what can't be with a format. */
  public TextForm form(Format format) {
    boolean csv = format == Format.csv || format == Format.tsv;
    if (!csv && delimiter != null) {
      throw new UsageException("--delimiter goes with csv and tsv; the input is " + format);
    }
    if (!csv && quote != null) {
      throw new UsageException("--quote goes with csv and tsv; the input is " + format);
    }
    if (nulSeparated && format != Format.lines) {
      throw new UsageException(
          "-0 goes with --format lines, one item each; the input is " + format);
    }
    Charset charset = encoding == null ? null : Encoding.named(encoding);
    OptionalInt separator =
        delimiter == null
            ? OptionalInt.empty()
            : OptionalInt.of(character("--delimiter", delimiter));
    int quoteCharacter =
        quote == null
            ? '"'
            : quote.equals("none") ? TextForm.NO_QUOTE : character("--quote", quote);
    if (separator.isPresent() && separator.getAsInt() == quoteCharacter) {
      throw new UsageException("--delimiter and --quote are the same: '" + delimiter + "'");
    }
    return new TextForm(charset, separator, quoteCharacter, nulSeparated);
  }

  private static int character(String option, String text) {
    String meant = text.equals("\\t") || text.equals("tab") ? "\t" : text;
    if (meant.length() != 1 || "\r\n".contains(meant)) {
      throw new UsageException(
          option + " must be one character (\\t is a tab), and no line break; was '" + text + "'");
    }
    return meant.charAt(0);
  }
}
