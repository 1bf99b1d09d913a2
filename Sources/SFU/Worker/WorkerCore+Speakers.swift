internal import Wire

extension WorkerCore {
    /// Tells the observers what microphones sent in this wake-up, and drops what is not passed on.
    func observeSpeakers(now: Instant) {
        hasObserved = true
        for transport in publishers {
            for producer in transport.producers where producer.kind == .audio && producer.hasReceived {
                guard let index = observers.firstIndex(where: { $0.router == transport.router }) else {
                    continue
                }
                switch observers[index].handle(producer, now: now) {
                case .holdBack: producer.endWakeUp()
                case .passOnAgain: resynchronise(producer, now: now)
                case .passOn: break
                }
            }
        }
    }

    /// What was held back leaves no gap that would look like loss.
    private func resynchronise(_ producer: Producer, now: Instant) {
        for transport in transports {
            for consumer in transport.consumers where consumer.producer === producer {
                consumer.suspend(now: now)
            }
        }
    }

    func handleSpeakersTimeout(now: Instant) {
        for index in observers.indices {
            observers[index].handleTimeout(now: now)
            while let event = observers[index].pollEvent() { events.append(event) }
        }
    }
}
