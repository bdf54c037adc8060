package io.madang.notification;

import io.madang.contracts.notification.NotificationCommand;
import io.madang.contracts.notification.NotificationJson;
import io.madang.contracts.notification.NotificationNames;
import io.madang.contracts.notification.NotificationReply;
import io.madang.notification.ledger.Entry;
import io.madang.notification.ledger.Head;
import io.madang.notification.ledger.Ledger;
import io.madang.notification.ledger.Page;
import io.madang.runtime.command.Caller;
import io.madang.runtime.command.CommandCall;
import io.madang.runtime.command.CommandOutcome;
import io.madang.runtime.descriptor.ServiceDescriptor;
import io.madang.runtime.service.MeshService;
import io.madang.runtime.service.Publisher;
import io.madang.runtime.service.ServiceContext;
import io.madang.runtime.service.TopicAnswer;
import io.madang.runtime.service.TopicRead;
import io.madang.runtime.topic.Payload;
import io.madang.runtime.topic.Publication;
import io.madang.runtime.topic.StreamPosition;
import io.madang.runtime.topic.Topic;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns {@code notifications:<user>}, which only that user may hear: a log of {@code notification} and {@code read} events
 * without gaps. Stateless but for the commands under way; everything else is in PostgreSQL, so any number of nodes may run.
 */
public final class NotificationService implements MeshService {
  private static final Logger LOG = LoggerFactory.getLogger(NotificationService.class);

  /** Chars of a command id at most; a client's id is a UUID, an outbox's a few words. */
  private static final int MAX_COMMAND_ID = 200;

  private static final int MAX_WAITING_PER_LANE = 256;
  private static final Duration FORGET_EVERY = Duration.ofHours(1);
  private static final int FORGET_AT_ONCE = 10_000;

  private final NotificationConfig config;
}
