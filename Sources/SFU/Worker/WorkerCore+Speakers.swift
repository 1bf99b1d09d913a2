internal import Wire

extension WorkerCore {
    /// Tells the observers what microphones sent in this wake-up, and drops what is not passed on.
    func observeSpeakers(now: Instant) {
        hasObserved = true
        for transport in table.publishers {
            for producer in transport.producers where producer.isMicrophone && producer.hasReceived {
                guard let router = routers.first(where: { $0.id == transport.router }) else { continue }
                switch router.observer.handle(producer, now: now) {
                case .holdBack: producer.endWakeUp()
                case .passOnAgain: resynchronise(producer, now: now)
                case .passOn: break
                }
            }
        }
    }

    /// What was held back leaves no gap that would look like loss.
    private func resynchronise(_ producer: Producer, now: Instant) {
        for consumer in producer.consumers { consumer.suspend(now: now) }
    }

    func handleSpeakersTimeout(now: Instant) {
        for router in routers {
            router.observer.handleTimeout(now: now)
            while let event = router.observer.pollEvent() { events.append(event) }
        }
    }
}
