/** Deutsch. */
export default {
  // page
  'page.title': 'Eyepiece',
  'page.skip': 'Zur Bedienung',
  'page.stop': 'Stopp',
  'page.stop-hint': 'Den Tisch anhalten (Esc)',
  'page.simulated': 'Simuliertes Mikroskop: {devices}. Es wird nichts angesteuert.',
  'page.live': 'Livebild',
  'page.gallery': 'Galerie',
  'page.dashboard': 'Diagnose',
  'page.dashboard-hint': 'Warum ein Bild stockt',
  'page.settings': 'Einstellungen',
  'page.about': 'Über',
  'page.views': 'Ansichten',
  'page.unloaded': 'Dieser Teil der Seite ließ sich nicht laden.',
  'page.reload': 'Seite neu laden',
  'page.cancel': 'Abbrechen',
  'page.messages': 'Meldungen',
  'page.dismiss': 'Schließen',

  // connection
  'connection.connecting': 'Verbindet…',
  'connection.connected': 'Verbunden',
  'connection.reconnecting': 'Verbindet neu…',
  'connection.late': 'Das Mikroskop antwortet nicht.',
  'connection.unreachable': 'Das Mikroskop ist nicht erreichbar.',
  'connection.answered': 'Das Mikroskop antwortete {status}.',

  // control
  'control.badge': 'Wer steuert',
  'control.other': '{name} steuert',
  'control.you': 'Sie steuern',
  'control.nobody': 'Niemand steuert',
  'control.place': 'Sie sind als Nummer {place} an der Reihe',
  'control.ask': 'Um die Steuerung bitten',
  'control.release': 'Abgeben',
  'control.give': 'An {name} geben',
  'control.withdraw': 'Nicht mehr warten',

  // storage
  'storage.low': 'Der Speicher ist fast voll: {count} Bilder passen noch hinein.',
  'storage.full': 'Der Speicher ist voll: kein Bild passt mehr hinein. Löschen Sie einige, oder kopieren Sie sie weg.',
  'storage.set-aside': 'Eine Einstellungsdatei war beschädigt und liegt nun als {name}. Es gelten die Vorgaben.',

  // dock
  'dock.panels': 'Bedienung',
  'dock.panel': 'Bereich {name}',

  // devices
  'device.camera': 'Kamera',
  'device.stage': 'Tisch',
  'device.light': 'Lampe',
  'device.failed': '{device}: {fault}',
  'device.broken': 'arbeitet nicht',
  'status.starting': 'startet…',
  'status.ready': '',
  'status.busy': 'fährt',
  'status.fault': 'Störung',
  'status.absent': 'nicht eingebaut',
  'status.stopped': 'angehalten',
  'status.not-driven': 'nicht angesteuert',
  'status.uncertain': 'Position unsicher',
  'status.uncertain-home': 'Position unsicher: referenzieren',

  // rig
  'rig.title': 'Die Gerätedatei ist fehlerhaft: nichts wird angesteuert',
  'rig.hint': 'Die Datei berichtigen, dann neu starten. Bis dahin bleiben Motoren, Lampe und Kamera unberührt.',
  'rig.errors': 'Was falsch ist',
  'rig.restart': 'Neu starten und wieder lesen',

  // view
  'view.picture': 'Livebild',
  'view.connecting': 'Verbindet…',
  'view.lost': 'Die Verbindung ist unterbrochen. Verbindet neu…',
  'view.absent': 'Keine Kamera eingebaut.',
  'view.fault': 'Die Kamera arbeitet nicht.',
  'view.waiting': 'Wartet auf die Kamera…',
  'view.rate': '{fps} B/s',
  'view.age': 'Alter {age}',
  'view.dropped': '{count} ausgelassen',
  'view.corrupt': '{count} beschädigt',

  // stage
  'stage.title': 'Tisch',
  'stage.up': 'Nach oben',
  'stage.down': 'Nach unten',
  'stage.left': 'Nach links',
  'stage.right': 'Nach rechts',
  'stage.focus': 'Fokus',
  'stage.focus-up': 'Fokus hoch',
  'stage.focus-down': 'Fokus tief',
  'stage.move-by': 'Schritt, µm',
  'stage.move-by-spoken': 'Schritt in Mikrometern',
  'stage.focus-by': 'Fokus, µm',
  'stage.focus-by-spoken': 'Fokusschritt in Mikrometern',
  'stage.position-spoken': 'x {x}, y {y}, z {z} Mikrometer',
  'stage.home': 'Ref.',
  'stage.home-hint': 'Referenzfahrt zu den Endschaltern',
  'stage.home-impossible': 'Der Tisch hat keine Endschalter',
  'stage.home-title': 'Referenzfahrt?',
  'stage.home-text': 'Der Tisch fährt {axes} zu den Endschaltern, z zuerst. Der Weg muss frei sein.',

  // camera
  'camera.title': 'Kamera',
  'camera.more': 'Mehr',
  'camera.more-spoken': 'Mehr: Farbe und Bildrate',
  'camera.auto': 'Auto',
  'camera.auto-exposure': 'Automatische Belichtung',
  'camera.exposure': 'Belichtung',
  'camera.gain': 'Gain',
  'camera.white-balance': 'Weißabgleich',
  'camera.on-this-field': 'Auf dieses Feld',
  'camera.on-this-field-hint': 'Macht das Gesehene grau und hält es so: eine leere Stelle des Objektträgers zeigen',
  'camera.auto-white-balance': 'Automatischer Weißabgleich',
  'camera.red': 'Rot',
  'camera.blue': 'Blau',
  'camera.rate': 'Bildrate',
  'camera.reset': 'Kamera zurücksetzen',
  'camera.reset-hint': 'Alles, wie es in der Gerätedatei steht',

  // lamp
  'lamp.title': 'Lampe',
  'lamp.on': 'An',
  'lamp.off': 'Aus',
  'lamp.brightness': 'Helligkeit',

  // controls
  'slider.figure': '{label}, Zahl',

  // capture
  'capture.title': 'Aufnahme',
  'capture.take': 'Foto aufnehmen',
  'capture.taking': 'Nimmt auf…',
  'capture.format': 'Dateiformat',
  'capture.last': 'Letzte Fotos',
  'capture.download': '{name} herunterladen',
  'capture.still': 'Foto {name}',

  // gallery
  'gallery.empty': 'Noch keine Fotos.',

  // measure
  'measure.title': 'Messen',

  // settings
  'settings.look': 'Aussehen',
  'settings.theme': 'Farben',
  'settings.theme-dark': 'Dunkel',
  'settings.theme-night': 'Nacht',
  'settings.theme-light': 'Hell',
  'settings.language': 'Sprache',
  'settings.upkeep': 'Pflege',

  // upkeep
  'upkeep.backup': 'Sicherung',
  'upkeep.backup-text':
    'Einstellungen, Kalibrierung, Tischposition und Gerätedatei in einer Datei. Bilder sind nicht darin.',
  'upkeep.download': 'Sicherung herunterladen',
  'upkeep.choose': 'Aus einer Sicherung wiederherstellen…',
  'upkeep.confirm':
    'Aus {name} ({size}) wiederherstellen? Ihre Gerätedatei und Einstellungen ersetzen die jetzigen, die im ' +
    'Datenordner bleiben, und das Mikroskop startet neu. Danach sollte der Tisch eine Referenzfahrt machen.',
  'upkeep.restore': 'Wiederherstellen und neu starten',
  'upkeep.sending': 'Sendet…',
  'upkeep.same': 'Alles ist schon wie in dieser Sicherung.',
  'upkeep.restored': 'Wiederhergestellt: {names}.',
  'upkeep.not-restored': 'Nicht wiederhergestellt: {problem}',
  'upkeep.restart': 'Neu starten',
  'upkeep.restart-ask': 'Neu starten…',
  'upkeep.restart-text': 'Der Tisch hält an, die Lampe geht aus, und für einige Sekunden hat niemand ein Bild.',

  // about
  'about.version': 'Eyepiece {version}',
};
