package io.madang.architecture;

import io.madang.architecture.Picture.Arrow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * One module of the reactor on disk.
 *
 * @param name its directory, which is also its artifact's name without {@code madang-}
 */
record Module(String name, Path directory) {
  private static final String OURS = "madang-";

  /** The top of the repository: the nearest directory upwards that holds the picture. */
  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("docs/architecture.puml"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException(
            "no docs/architecture.puml above " + Path.of("").toAbsolutePath());
      }
    }
    return directory;
  }

  /** The modules the root pom builds, in its order. */
  static List<Module> all() {
    List<Module> modules = new ArrayList<>();
    for (Element module : elements(pomOf(root()), "module")) {
      String name = module.getTextContent().strip();
      modules.add(new Module(name, root().resolve(name)));
    }
    return modules;
  }

  List<SourceFile> productSources() {
    return sourcesBelow("src/main/java");
  }

  List<SourceFile> testSources() {
    return sourcesBelow("src/test/java");
  }

  /** Where the compiler put the product's classes. */
  Path classes() {
    return directory.resolve("target/classes");
  }

  /** The arrows its pom draws for the product, or for its tests only. */
  Set<Arrow> arrows(boolean forTests) {
    Set<Arrow> arrows = new TreeSet<>();
    for (Element dependency : elements(pomOf(directory), "dependency")) {
      String artifact = textOf(dependency, "artifactId");
      if (artifact.startsWith(OURS) && textOf(dependency, "scope").equals("test") == forTests) {
        arrows.add(new Arrow(name, artifact.substring(OURS.length())));
      }
    }
    return arrows;
  }

  private List<SourceFile> sourcesBelow(String folder) {
    Path top = directory.resolve(folder);
    if (!Files.exists(top)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(top)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .sorted()
          .map(SourceFile::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Document pomOf(Path directory) {
    try {
      return DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(directory.resolve("pom.xml").toFile());
    } catch (Exception e) {
      throw new IllegalStateException("cannot read the pom of " + directory, e);
    }
  }

  private static List<Element> elements(Document pom, String tag) {
    List<Element> elements = new ArrayList<>();
    NodeList nodes = pom.getElementsByTagName(tag);
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static String textOf(Element element, String tag) {
    NodeList nodes = element.getElementsByTagName(tag);
    return nodes.getLength() == 0 ? "" : nodes.item(0).getTextContent().strip();
  }
}
