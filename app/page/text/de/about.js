/** Deutsch: die Ansicht über das Mikroskop. */
export default {
  // about
  'about.what':
    'Ein Mikroskop in jedem Browser: Livebild, Tisch, Fokus, Lampe und Kamera, angesteuert von einem Raspberry Pi.',
  'about.version': 'Version',
  'about.licence': 'Lizenz',
  'about.system': 'System',
  'about.docs': 'Schnittstelle für Programme',
  'about.libraries': 'Bibliotheken',
  'about.library': 'Bibliothek',
  'about.thanks': 'Eyepiece steht auf der Arbeit anderer. Danke.',
  'about.in-server': 'Im Server',
  'about.in-page': 'In dieser Seite',
};
