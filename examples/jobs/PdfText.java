// bin/procpool map examples/jobs/PdfText.java::read --files 'inbox/**/*.pdf' -t 20s -J-Xmx256m --out text.jsonl
//DEPS org.apache.pdfbox:pdfbox:3.0.5

import java.io.IOException;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;

/**
 * The text of PDF files that came from anywhere: a broken one costs itself, one that never ends its
 * time limit, one that takes all memory its worker.
 */
public class PdfText {

  /** What is in a file. */
  public record Text(int pages, String text) {}

  /** Reads a file. */
  public static Text read(Path file) throws IOException {
    try (PDDocument document = Loader.loadPDF(file.toFile())) {
      return new Text(document.getNumberOfPages(), new PDFTextStripper().getText(document).strip());
    }
  }
}
