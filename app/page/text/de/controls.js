/** Deutsch: was nach dem ersten Bild kommt. */
export default {
  // page
  'page.messages': 'Meldungen',

  // control
  'control.badge': 'Wer steuert',
  'control.you': 'Sie steuern',
  'control.nobody': 'Niemand steuert',
  'control.place': 'Sie sind als Nummer {place} an der Reihe',
  'control.ask': 'Um die Steuerung bitten',
  'control.release': 'Abgeben',
  'control.give': 'An {name} geben',
  'control.withdraw': 'Nicht mehr warten',

  // faults
  'fault.camera': 'Die Kamera arbeitet nicht',
  'fault.camera-remedy':
    'Sie wird von selbst wieder versucht. Bleibt es so: das Mikroskop ausschalten, prüfen, ob das Flachbandkabel an ' +
    'beiden Enden gerade sitzt und verriegelt ist, und wieder einschalten.',
  'fault.stage': 'Der Tisch arbeitet nicht',
  'fault.stage-remedy':
    'Jetzt bewegt sich nichts. Die Stecker von Motoren und Treiberplatine und deren Versorgung prüfen, dann neu ' +
    'starten (Einstellungen, Pflege). Danach eine Referenzfahrt machen.',
  'fault.light': 'Die Lampe arbeitet nicht',
  'fault.light-remedy': 'Stecker und Versorgung prüfen, dann neu starten (Einstellungen, Pflege).',

  // rig
  'rig.title': 'Die Gerätedatei ist fehlerhaft: nichts wird angesteuert',
  'rig.hint': 'Die Datei berichtigen, dann neu starten. Bis dahin bleiben Motoren, Lampe und Kamera unberührt.',
  'rig.errors': 'Was falsch ist',
  'rig.restart': 'Neu starten und wieder lesen',

  // stage
  'stage.up': 'Nach oben',
  'stage.down': 'Nach unten',
  'stage.left': 'Nach links',
  'stage.right': 'Nach rechts',
  'stage.focus': 'Fokus',
  'stage.focus-up': 'Fokus hoch',
  'stage.focus-down': 'Fokus tief',
  'stage.faces': 'Arten zu fahren',
  'stage.face-move': 'Fahren',
  'stage.face-map': 'Karte',
  'stage.face-places': 'Orte',
  'stage.um': '{um} µm',
  'stage.map-spoken':
    'Karte des Tisches. Er steht bei x {x}, y {y} Mikrometer, innerhalb von x {x_limits} und y {y_limits}. Ein Tipp fährt dorthin.',
  'stage.going': 'Er fährt nach x {x}, y {y}.',
  'stage.coordinate': '{axis} in {unit}',
  'stage.unit': 'Einheit',
  'stage.go': 'Los',
  'stage.fill-in': 'Position eintragen',
  'stage.no-number': '{axis} ist keine Zahl.',
  'stage.outside': '{axis} muss zwischen {minimum} und {maximum} {unit} liegen.',
  'stage.uncertain': 'Die Position in {axes} ist unsicher.',
  'stage.home-it': 'Referenzfahrt',
  'stage.trust': 'Sie stimmt',
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

  // places
  'places.name': 'Name des neuen Ortes',
  'places.nth': 'Ort {number}',
  'places.add': 'Hier merken',
  'places.none': 'Noch hat kein Ort einen Namen.',
  'places.go': 'Fahre zu {name}',
  'places.rename': '{name} umbenennen',
  'places.new-name': 'Neuer Name für {name}',
  'places.save': 'Sichern',
  'places.delete': '{name} löschen',
  'places.deleted': '{name} ist gelöscht.',
  'places.undo': 'Zurückholen',

  // objectives
  'optics.objective': 'Objektiv',
  'optics.measure': 'Eintragen',

  // camera
  'camera.more': 'Mehr',
  'camera.more-spoken': 'Mehr: Farbe und Bildrate',
  'camera.auto': 'Auto',
  'camera.auto-exposure': 'Auto: Belichtung',
  'camera.white-balance': 'Weißabgleich',
  'camera.on-this-field': 'Auf dieses Feld',
  'camera.on-this-field-hint': 'Macht das Gesehene grau und hält es so: eine leere Stelle des Objektträgers zeigen',
  'camera.auto-white-balance': 'Auto: Weißabgleich',
  'camera.reset': 'Kamera zurücksetzen',
  'camera.reset-hint': 'Alles, wie es in der Gerätedatei steht',
  'camera.brightness': 'Helligkeit',
  'camera.histogram': 'Histogramm der Helligkeit',
  'camera.black': 'schwarz {part}',
  'camera.blown': 'überstrahlt {part}',
  'camera.mark-clipped': 'Grenzen zeigen',
  'camera.mark-clipped-hint': 'Zeigt im Bild mit Streifen, was überstrahlt oder schwarz ist',
  'camera.measuring': 'Misst…',
  'camera.stream': 'Größe für alle Bildschirme',
  'camera.sent': 'An diesen Bildschirm',
  'camera.size-auto': 'Auto',
  'camera.size-auto-hint': 'Das volle Bild; bei langsamer Verbindung halb so breit und hoch',
  'camera.size-full': 'Voll',
  'camera.size-full-hint': 'Das volle Bild, so wenige davon die Verbindung auch schafft',
  'camera.size-reduced': 'Halb',
  'camera.size-reduced-hint': 'Halb so breit und hoch, für eine langsame Verbindung',

  // focus
  'focus.title': 'Schärfe',
  'focus.part': 'Schärfe, gemessen am bisher schärfsten Bild',
  'focus.hint': 'Am Fokus drehen.',
  'focus.sharper': 'Schärfer: weiter so.',
  'focus.blurrier': 'Unschärfer: zurück.',
  'focus.sharpest': 'Scharf.',
  'focus.back': 'Zum Schärfsten',
  'focus.back-hint': 'Dreht den Fokus dorthin, wo das Bild am schärfsten war',
  'focus.anew': 'Von vorn',
  'focus.anew-hint': 'Vergisst das bisher schärfste Bild',

  // lamp
  'lamp.on': 'An',
  'lamp.off': 'Aus',
  'lamp.spoken': 'Lampe: {state}',
  'lamp.spoken-all': 'Alle Lampen: {state}',
  'lamp.channel': 'Lampe {name}',

  // controls
  'slider.figure': '{label}, Zahl',

  // capture
  'capture.take': 'Foto aufnehmen',
  'capture.taking': 'Nimmt auf…',
  'capture.format': 'Dateiformat',
  'capture.full': 'Volle Auflösung: {width} × {height}',
  'capture.stored': 'Gespeichert.',
  'capture.last': 'Letzte Fotos',
  'capture.still': 'Foto {name}',
  'capture.all': 'Alle {count} Bilder',
  'capture.all.one': 'Galerie: ein Bild',

  // gallery
  'gallery.not-restored': '{count} Bilder sind endgültig gelöscht und nicht mehr zurückzuholen.',

  // measure
  'measure.shown': 'Über dem Bild',
  'measure.scale-bar': 'Maßstab',
  'measure.grid': 'Gitter',
  'measure.crosshair': 'Fadenkreuz',
  'measure.grid-step': 'Gitter {length}',
  'measure.new': 'Neue Messung',
  'measure.add-ruler': 'Strecke',
  'measure.add-angle': 'Winkel',
  'measure.list': 'Messungen',
  'measure.ruler': 'Strecke {number}',
  'measure.angle': 'Winkel {number}',
  'measure.point': '{mark}, Punkt {number}: {value}',
  'measure.delete': '{mark} löschen',
  'measure.clear': 'Alle löschen',
  'measure.with-still': 'Von jeder Aufnahme eine Kopie damit speichern',
  'measure.no-scale': 'Längen sind unbekannt: Wähle ein Objektiv von bekanntem Maßstab.',

  // upkeep
  'upkeep.sending': 'Sendet…',
  'upkeep.same': 'Alles ist schon wie in dieser Sicherung.',
  'upkeep.restored': 'Wiederhergestellt: {names}.',
  'upkeep.not-restored': 'Nicht wiederhergestellt: {problem}',

  // access
  'access.pair-title': 'Mit dem Mikroskop koppeln',
  'access.pair-text':
    'Die PIN eingeben, die seine Konsole zeigt oder die man bekommen hat; oder den QR-Code daneben scannen.',
  'access.pin': 'PIN',
  'access.name': 'Name dieses Geräts',
  'access.pair': 'Koppeln',
  'access.pairing': 'Wird gekoppelt …',
  'access.wait': 'Noch {seconds} s warten.',
};
