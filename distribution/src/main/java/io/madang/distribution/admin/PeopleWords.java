package io.madang.distribution.admin;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words behind {@code madang admin} that are about people.
 *
 * @param verb what is done
 * @param role which role; absent for a sign-out
 * @param who name or id
 * @param at {@code host:port} of the process to ask; absent: one that is found
 */
record PeopleWords(String verb, Optional<String> role, String who, Optional<String> at) {
  private static final String PATH = "/admin/people";
  private static final Map<String, String> DOING =
      Map.of("grant", "grant", "take", "take", "revoke", "signOut");

  static final List<String> USAGE = List.of(
      "Usage: madang admin grant ROLE WHO | take ROLE WHO | revoke WHO   [--at HOST:PORT]",
      "",
      "  grant          gives an account a role, such as admin, moderator or premium; its next token tells it",
      "  take           takes a role from an account; its tokens so far stop counting at once, connections with them",
      "  revoke         ends every sign-in of somebody, connections with them; whoever knows the password may sign in again",
      "",
      "WHO is a name or an id. They are asked of a process with the role gateway.",
      "");

  static boolean areThese(List<String> words) {
    return !words.isEmpty() && DOING.containsKey(words.get(0));
  }

  /** @throws AdminWords.BadWordsException with what is missing */
  static PeopleWords of(List<String> words) {
    List<String> left = new ArrayList<>(words);
    Optional<String> at = Optional.empty();
    int option = left.indexOf("--at");
    if (option >= 0) {
      if (option + 1 == left.size()) {
        throw new AdminWords.BadWordsException(
            "--at needs a value behind it; see madang admin --help.");
      }
      at = Optional.of(AdminWords.address(left.get(option + 1)));
      left.subList(option, option + 2).clear();
    }
    String verb = left.get(0);
    boolean hasRole = !verb.equals("revoke");
    if (left.size() != (hasRole ? 3 : 2)) {
      throw new AdminWords.BadWordsException("madang admin %s wants %s; see madang admin --help."
          .formatted(verb, hasRole ? "a role and a name" : "a name"));
    }
    return new PeopleWords(
        verb, hasRole ? Optional.of(left.get(1)) : Optional.empty(), left.get(left.size() - 1), at);
  }

  /** The page of a process and the question. */
  String address() {
    return PATH + "?do=" + DOING.get(verb) + "&who=" + encoded(who)
        + role.map(given -> "&role=" + encoded(given)).orElse("");
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
