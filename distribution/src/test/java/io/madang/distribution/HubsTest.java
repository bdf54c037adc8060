package io.madang.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.madang.chat.ChatConfig;
import io.madang.chat.ChatService;
import io.madang.dashboard.DashboardConfig;
import io.madang.dashboard.DashboardService;
import io.madang.notification.NotificationConfig;
import io.madang.notification.NotificationService;
import io.madang.presence.PresenceConfig;
import io.madang.presence.PresenceService;
import io.madang.runtime.descriptor.Parameter;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.descriptor.hub.CallerEvent;
import io.madang.runtime.descriptor.hub.HubDescriptor;
import io.madang.runtime.descriptor.hub.HubMethod;
import io.madang.runtime.descriptor.hub.HubValue;
import io.madang.runtime.hub.Hubs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the services show at hubs, all of it together. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class HubsTest {
  private static final List<ServiceDescriptor> SERVICES = List.of(
      new ChatService(ChatConfig.defaults()).descriptor(),
      new PresenceService(PresenceConfig.defaults()).descriptor(),
      new NotificationService(NotificationConfig.defaults()).descriptor(),
      new DashboardService(DashboardConfig.defaults()).descriptor());

  /** A method in one hub. */
  private record Shown(ServiceDescriptor owner, HubDescriptor hub, HubMethod method) {
    /** Trailing ones that are not required may be left out. */
    boolean takes(int arguments) {
      int required = method.parameters().size();
      while (required > 0 && !isRequired(method.parameters().get(required - 1))) {
        required--;
      }
      return required <= arguments && arguments <= method.parameters().size();
    }

    private boolean isRequired(String name) {
      return parametersOf().stream()
          .anyMatch(parameter -> parameter.name().equals(name) && parameter.required());
    }

    private List<Parameter> parametersOf() {
      return switch (method.kind()) {
        case COMMAND -> owner.command(method.asks()).orElseThrow().parameters();
        case STREAM -> owner.stream(method.asks()).orElseThrow().parameters();
        case UPLOAD -> owner.upload(method.asks()).orElseThrow().parameters();
      };
    }

    String signature() {
      List<String> names = new ArrayList<>();
      int arguments = 0;
      for (String name : method.parameters()) {
        names.add(takes(arguments++) ? name + "?" : name);
      }
      if (method.kind() == HubMethod.Kind.UPLOAD) {
        names.add("stream");
      }
      return method.name() + "(" + String.join(", ", names) + ")";
    }

    String row() {
      String answer = switch (method.kind()) {
        case STREAM -> "items";
        case UPLOAD -> method.answer().map(value -> "result").orElse("nothing");
        case COMMAND -> method.answer().map(value -> "result").orElse("nothing");
      };
      return "| `" + signature() + "` | " + hub.hub() + " | `" + method.asks() + "` of "
          + owner.service() + " | " + answer + " |";
    }
  }

  /** Something a client of one hub hears. */
  private record Told(
      String owner, String hub, String target, List<HubValue> arguments, String when) {
    String row() {
      return "| `" + target + "("
          + arguments.stream().map(HubsTest::shown).collect(Collectors.joining(", ")) + ")` | "
          + hub + " | " + when + " | " + owner + " |";
    }
  }

  private static List<Shown> methods() {
    List<Shown> methods = new ArrayList<>();
    for (ServiceDescriptor service : SERVICES) {
      for (HubDescriptor hub : service.hubs()) {
        hub.methods().forEach(method -> methods.add(new Shown(service, hub, method)));
      }
    }
    return methods;
  }

  private static List<Told> told() {
    List<Told> told = new ArrayList<>();
    for (ServiceDescriptor service : SERVICES) {
      for (HubDescriptor hub : service.hubs()) {
        hub.listeners()
            .forEach(each -> told.add(new Told(
                service.service(),
                hub.hub(),
                each.target(),
                each.arguments(),
                "`" + each.event() + "` in `" + each.prefix() + "`")));
        hub.greeting().asks().forEach(ask -> addAll(told, service, hub, ask.tells(), "on connect"));
        for (HubMethod method : hub.methods()) {
          addAll(told, service, hub, method.tells(), "the caller, by `" + method.name() + "()`");
          addAll(
              told,
              service,
              hub,
              method.progress(),
              "the caller, during `" + method.name() + "()`");
          method
              .refusals()
              .forEach(refusal -> addAll(
                  told,
                  service,
                  hub,
                  List.of(refusal.event()),
                  "the caller, refused by `" + method.name() + "()` with `"
                      + refusal.code().orElse("*") + "`"));
        }
      }
    }
    return told;
  }

  private static void addAll(
      List<Told> told,
      ServiceDescriptor service,
      HubDescriptor hub,
      List<CallerEvent> events,
      String when) {
    events.forEach(event ->
        told.add(new Told(service.service(), hub.hub(), event.target(), event.arguments(), when)));
  }

  private static String shown(HubValue value) {
    return value.dispatch(new HubValue.Handler<>() {
      @Override
      public String on(HubValue.Constant constant) {
        return constant.json().toString();
      }

      @Override
      public String on(HubValue.Member member) {
        return member.path().isEmpty() ? "data" : member.path();
      }

      @Override
      public String on(HubValue.Given given) {
        return switch (given.fact()) {
          case TIME -> "time";
          case TOPIC_ID -> "topic";
          case CALLER_ID -> "caller.id";
          case CALLER_NAME -> "caller.name";
          case CONNECTION -> "connection";
        };
      }

      @Override
      public String on(HubValue.Argument argument) {
        return argument.parameter();
      }

      @Override
      public String on(HubValue.Text text) {
        String shown = text.template();
        for (HubValue each : text.values()) {
          shown = shown.replaceFirst("\\{}", "<" + HubsTest.shown(each) + ">");
        }
        return '"' + shown + '"';
      }

      @Override
      public String on(HubValue.Fields fields) {
        return fields.fields().stream()
            .map(HubValue.Field::name)
            .collect(Collectors.joining(", ", "{", "}"));
      }

      @Override
      public String on(HubValue.Each each) {
        return "[" + HubsTest.shown(each.item()) + ", …]";
      }

      @Override
      public String on(HubValue.FirstOf first) {
        return HubsTest.shown(first.values().get(0));
      }
    });
  }

  @Nested
  class A_method {
    @ParameterizedTest
    @CsvSource({
      "chathub, SendMessage, 2",
      "chat, SendMessage, 1",
      "chat, SendMessage, 2",
      "chat, SetTyping, 1",
      "chat, JoinRoom, 1",
      "chat, LeaveRoom, 1",
      "chat, SendToRoom, 2",
      "chat, SendDirect, 2",
      "chat, SafeSend, 1",
      "chat, RecentMessages, 1",
      "chat, RecentMessages, 2",
      "chat, StreamTime, 0",
      "chat, UploadChunks, 0",
      "chat, KickUser, 1",
      "chat, MuteUser, 1",
      "chat, SendPrivateMessage, 2",
      "chat, SendMessageToGroup, 2",
      "chat, BroadcastMessage, 1",
      "chat, ReconnectWithState, 1",
      "typedchat, SendMessage, 1",
      "typedchat, JoinRoom, 1",
      "typedchat, LeaveRoom, 1",
      "secure, AdminBroadcast, 1",
      "secure, PremiumFeature, 1",
      "rooms, CreateRoom, 1",
      "rooms, CreateRoom, 2",
      "rooms, JoinRoom, 1",
      "rooms, JoinRoom, 2",
      "rooms, LeaveRoom, 1",
      "rooms, SendMessageToRoom, 2",
      "notifications, MarkAsRead, 1",
      "notifications, MarkAllAsRead, 0",
      "streaming, StreamStockPrices, 1",
      "processing, ProcessDataStream, 0",
      "optimized, QueueMessage, 1",
      "optimized, GetCachedData, 1",
      "reconnect, ReconnectWithState, 1",
      "dashboard, SubscribeToMetric, 1",
      "dashboard, UnsubscribeFromMetric, 1",
      "securemessages, SendSecureMessage, 1"
    })
    void takes_the_arguments_its_callers_give(String hub, String method, int arguments) {
      assertThat(methods().stream()
              .filter(shown -> shown.hub().hub().equals(hub))
              .filter(shown -> shown.method().name().equals(method))
              .filter(shown -> shown.takes(arguments)))
          .hasSize(1);
    }

    @Test
    void that_streams_the_log_takes_a_level_by_name_or_number() {
      assertThat(methods().stream()
              .filter(shown -> shown.method().name().equals("StreamLogs"))
              .filter(shown -> shown.takes(1)))
          .hasSize(2);
    }

    @Test
    void is_told_from_each_other_of_its_name_by_count_or_kind_of_its_arguments() {
      assertThatCode(() -> Hubs.NONE.with(SERVICES)).doesNotThrowAnyException();
      assertThat(Hubs.NONE.with(SERVICES).at("/CHATHUB")).isPresent();
    }
  }

  @Nested
  class A_listener {
    @ParameterizedTest
    @CsvSource({
      "chathub, ReceiveMessage, 2",
      "chat, ReceiveMessage, 3",
      "chat, Typing, 2",
      "chat, ReceivePrivateMessage, 2",
      "chat, ReceiveGroupMessage, 2",
      "chat, ReceiveBroadcast, 2",
      "chat, UserConnected, 1",
      "chat, UserDisconnected, 1",
      "typedchat, ReceiveMessage, 3",
      "typedchat, ReceivePrivateMessage, 2",
      "typedchat, UserJoined, 2",
      "typedchat, UserLeft, 1",
      "typedchat, UpdateUserList, 1",
      "secure, DeviceConnected, 1",
      "secure, AdminMessage, 1",
      "secure, PremiumResponse, 1",
      "rooms, RoomCreated, 1",
      "rooms, JoinedRoom, 1",
      "rooms, UserJoinedRoom, 1",
      "rooms, UserLeftRoom, 1",
      "rooms, RoomMessage, 1",
      "rooms, Error, 1",
      "notifications, ReceiveNotification, 1",
      "notifications, ReceiveNotifications, 1",
      "notifications, NotificationRead, 1",
      "notifications, AllNotificationsRead, 0",
      "processing, ProcessingProgress, 1",
      "optimized, ReceiveMessages, 1",
      "reconnect, StateRestored, 1",
      "reconnect, MissedMessages, 1",
      "reconnect, ReconnectComplete, 1",
      "dashboard, UpdateDashboard, 1",
      "dashboard, UpdateMetric, 2",
      "dashboard, Alert, 1",
      "securemessages, ReceiveSecureMessage, 1",
      "metrics, MetricsUpdate, 1"
    })
    void hears_the_arguments_it_has(String hub, String target, int arguments) {
      List<Told> heard = told().stream()
          .filter(told -> told.hub().equals(hub) && told.target().equals(target))
          .toList();

      assertThat(heard).isNotEmpty();
      assertThat(heard).allMatch(told -> told.arguments().size() == arguments);
    }
  }

  @Nested
  class The_page {
    private static final Pattern PATH_OR_TOPIC = Pattern.compile("`(/[^`]+|[a-z]+(?::[^`]+)?)`");

    private final Path path = Path.of("../docs/SIGNALR.md");

    private Set<String> rowsUnder(String head) throws IOException {
      Set<String> rows = new TreeSet<>();
      Optional<String> table = Stream.of(Files.readString(path).split("\n\n", -1))
          .filter(paragraph -> paragraph.startsWith("| " + head + " |"))
          .findFirst();
      table.orElseThrow().lines().skip(2).forEach(rows::add);
      return rows;
    }

    @Test
    void has_every_method() throws IOException {
      Set<String> rows =
          methods().stream().map(Shown::row).collect(Collectors.toCollection(TreeSet::new));

      assertThat(rowsUnder("Method")).isEqualTo(rows);
    }

    @Test
    void has_every_listener() throws IOException {
      Set<String> rows =
          told().stream().map(Told::row).collect(Collectors.toCollection(TreeSet::new));

      assertThat(rowsUnder("Listener")).isEqualTo(rows);
    }

    @Test
    void has_every_hub_with_its_paths_and_what_is_heard_there_at_first() throws IOException {
      Map<String, Set<String>> shown = new TreeMap<>();
      for (ServiceDescriptor service : SERVICES) {
        for (HubDescriptor hub : service.hubs()) {
          Set<String> of = shown.computeIfAbsent(hub.hub(), first -> new TreeSet<>());
          of.addAll(hub.paths());
          hub.greeting().topics().forEach(topic -> of.add(topic.replace("{user}", "<user>")));
        }
      }
      Map<String, Set<String>> told = new TreeMap<>();
      for (String row : rowsUnder("Hub")) {
        String[] cells = row.split("\\|", -1);
        told.put(
            cells[1].strip(),
            PATH_OR_TOPIC
                .matcher(cells[2] + cells[4])
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new)));
      }

      assertThat(told).isEqualTo(shown);
    }
  }
}
