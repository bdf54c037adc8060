package io.madang.runtime.descriptor;

/**
 * How a service keeps files for people, so that the HTTP door knows what to ask of it whatever it is: a service whose descriptor has
 * all of these has {@code POST /api/{service}/uploads} and what belongs to it.
 *
 * <ul>
 *   <li>command {@value #CREATE}, whose arguments are the service's own but for {@code type} (a media type) and {@code length}
 *       (bytes, when known); answers {@code upload}, a name that nobody can guess
 *   <li>upload {@value #APPEND} with {@code upload}, {@code offset}, {@code complete} and {@code sha256}; items are bytes as JSON
 *       strings in base64; answers {@code upload}, {@code offset}, {@code complete}
 *   <li>command {@value #STATE} with {@code upload}; answers as APPEND does, and {@code length} when known
 *   <li>command {@value #DROP} with {@code upload}
 *   <li>stream {@value #READ} with {@code upload}; its first item is an object with {@code name}, {@code type}, {@code length} and
 *       {@code sha256} (hex), all others are bytes as above
 * </ul>
 */
public final class Files {
  public static final String CREATE = "createUpload";
  public static final String APPEND = "appendUpload";
  public static final String STATE = "uploadState";
  public static final String DROP = "dropUpload";
  public static final String READ = "readUpload";

  private Files() {}

  public static boolean areKeptBy(ServiceDescriptor service) {
    return service.command(CREATE).isPresent()
        && service.upload(APPEND).isPresent()
        && service.command(STATE).isPresent()
        && service.command(DROP).isPresent()
        && service.stream(READ).isPresent();
  }
}
